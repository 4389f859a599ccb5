package store

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"convivio/store/board"
)

// columns reads every column of every table, as the migrations left them.
func (c *company) columns() map[string][]string {
	c.t.Helper()
	rows, err := c.readDB.Query(`SELECT m.name, t.name FROM sqlite_master m, pragma_table_info(m.name) t WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`)
	if err != nil {
		c.t.Fatal(err)
	}
	defer rows.Close()
	all := map[string][]string{}
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			c.t.Fatal(err)
		}
		all[table] = append(all[table], column)
	}
	if err := rows.Err(); err != nil {
		c.t.Fatal(err)
	}
	return all
}

// TestWhatIsKeptAboutPeopleStandsInTheList compares the tables with the list from
// which people, the works council and the authority are told what is kept.
func TestWhatIsKeptAboutPeopleStandsInTheList(t *testing.T) {
	c := newCompany(t)
	schema := c.columns()
	if len(schema["person"]) < 10 {
		t.Fatalf("the tables cannot be read: %v", schema)
	}
	listed := map[string][]string{}
	for _, d := range board.Everything {
		for _, of := range d.Tables {
			if slices.Contains(board.OfNobody, of.Table) {
				t.Errorf("table %s holds %s, and nobody", of.Table, d.Datum)
			}
			for _, name := range strings.Fields(of.Names) {
				if slices.Contains(listed[of.Table], name) {
					t.Errorf("%s.%s stands in the list twice", of.Table, name)
				}
				listed[of.Table] = append(listed[of.Table], name)
				if !slices.Contains(schema[of.Table], name) {
					t.Errorf("%s.%s is not there any more: take it out of board.Everything", of.Table, name)
				}
			}
		}
	}
	for table, columns := range schema {
		if slices.Contains(board.OfNobody, table) {
			continue
		}
		for _, name := range columns {
			if !slices.Contains(listed[table], name) {
				t.Errorf("%s.%s is kept, and nobody is told: add it to board.Everything (or its table to board.OfNobody) in store/board/collected.go, and see whether templates/law says it", table, name)
			}
		}
	}
}

// person tells columns that point at somebody.
var person = regexp.MustCompile(`(^|_)(person|author|actor|owner|moderator|member|voter|reader|who|whom)(_id)?$|_by$|_to$|^email$|^handle$|^address$`)

// TestTablesOfNobodyPointAtNobody looks at the tables of which people are not told.
func TestTablesOfNobodyPointAtNobody(t *testing.T) {
	c := newCompany(t)
	schema := c.columns()
	for _, table := range board.OfNobody {
		if len(schema[table]) == 0 {
			t.Errorf("there is no table %s any more", table)
		}
		for _, name := range schema[table] {
			if person.MatchString(name) {
				t.Errorf("%s.%s points at somebody: tell people of it in board.Everything", table, name)
			}
		}
		var to int
		if err := c.readDB.QueryRow(`SELECT COUNT(*) FROM pragma_foreign_key_list($1) WHERE "table" = 'person'`, table).Scan(&to); err != nil || to > 0 {
			t.Errorf("%s points at people (%v)", table, err)
		}
	}
}

// watching are names of columns that measure one person: when they were there
// last, how much they do.
var watching = regexp.MustCompile(`last_(seen|login|active|visit|used)|seen_at|logged|login|visit|online|streak|rank|score|points|karma|activity|duration|minutes|dwell|(^|_)(count|total|num|times|posts|logins|views|reads|clicks)$`)

// TestNoColumnMeasuresAPerson: there is no last-seen and no count of one person.
// What has a name like that, and why, stands here.
func TestNoColumnMeasuresAPerson(t *testing.T) {
	c := newCompany(t)
	but := map[string]string{
		"session.seen_at": "the hour a device was used last, so that it is signed out after eight without: shown to its owner alone, gone with the session",
	}
	for table, columns := range c.columns() {
		if slices.Contains(board.OfNobody, table) {
			continue
		}
		for _, name := range columns {
			if why := but[table+"."+name]; watching.MatchString(name) && why == "" {
				t.Errorf("%s.%s looks like a measure of somebody", table, name)
			}
		}
	}
	// Beside each person stand these numbers and no others.
	known := []string{"id", "team_id", "created_at", "disabled_at", "last_seq", "expert", "suspended_until", "uncounted"}
	rows, err := c.readDB.Query(`SELECT name FROM pragma_table_info('person') WHERE type NOT LIKE 'TEXT%'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil || !slices.Contains(known, name) {
			t.Errorf("person.%s is a number beside a name (%v)", name, err)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}
