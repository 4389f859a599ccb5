package store

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"convivio/store/board"
	"convivio/store/password"
)

func init() { password.Default = password.Cost{Memory: 8, Time: 1, Threads: 1} }

func TestHandlesComeFromNames(t *testing.T) {
	for name, want := range map[string]string{
		"Marta Riva": "marta.riva", "Àgata D’Amico": "agata.d.amico", "  Łukasz   Żółć ": "lukasz.zolc", "Jørgen Æbelø-Straße": "jorgen.aebelo.strasse",
		"ﬁne": "fine", "...": "", "李雷": "", "7 nani": "7.nani", "İpek Işık": "ipek.isik",
	} {
		if got := foldedName(name, '.'); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestEverybodyGetsAHandleOfTheirOwn(t *testing.T) {
	c := newCompany(t)
	want := []string{"marta.riva", "marta.riva2", "marta.riva3", "marta.rivali", "person", "person2", "person.7.nani", strings.Repeat("x", 60)}
	for i, name := range []string{"Marta Riva", "Màrta Riva", "marta riva!", "Marta Rivali", "李雷", "韩梅梅", "7 nani", strings.Repeat("x", 100)} {
		p, _, err := c.AddPerson(c.ctx, Operator(), board.NewPerson{Name: name, Email: fmt.Sprintf("p%d@example.com", i), Kind: board.Employee})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := c.PersonByHandle(c.ctx, c.anna, want[i]); err != nil || got.ID != p.ID {
			t.Errorf("@%s: got %+v, %v, want person %d", want[i], got, err, p.ID)
		}
	}
}

func TestWhatIsAskedOfAPerson(t *testing.T) {
	c := newCompany(t)
	good := board.NewPerson{Name: "Nuova Persona", Email: "nuova@example.com", Kind: board.Employee, Team: "Qualità"}
	with := func(change func(*board.NewPerson)) board.NewPerson { p := good; change(&p); return p }
	for field, p := range map[string]board.NewPerson{
		"name":  with(func(p *board.NewPerson) { p.Name = " \u200b " }),
		"email": with(func(p *board.NewPerson) { p.Email = "nuova" }),
		"kind":  with(func(p *board.NewPerson) { p.Kind = "robot" }),
		"role":  with(func(p *board.NewPerson) { p.Roles = []board.Role{"king"} }),
		"lang":  with(func(p *board.NewPerson) { p.Lang = "Italiano" }),
		"team":  with(func(p *board.NewPerson) { p.Team = strings.Repeat("x", 200) }),
		"site":  with(func(p *board.NewPerson) { p.Site = "a\x00b" }),
	} {
		before := c.Head()
		_, _, err := c.AddPerson(c.ctx, c.admin, p)
		wants(t, err, board.Invalid, field)
		if c.Head() != before {
			t.Errorf("%s: something was written", field)
		}
	}
	for _, email := range []string{"", "@", "a@b", "a b@c.it", "a@b@c.it", "a@.it", "a@b..it", "a@b.it.", "<a@b.it>", "a@b.it\x00", strings.Repeat("a", 260) + "@b.it"} {
		_, _, err := c.AddPerson(c.ctx, c.admin, with(func(p *board.NewPerson) { p.Email = email }))
		wants(t, err, board.Invalid, "email")
	}
	_, _, err := c.AddPerson(c.ctx, c.admin, with(func(p *board.NewPerson) { p.Email = " GATTI@example.com "; p.Roles = nil }))
	if err != nil {
		t.Error(err)
	}
	_, _, err = c.AddPerson(c.ctx, c.admin, with(func(p *board.NewPerson) { p.Email = "gatti@EXAMPLE.com" }))
	wants(t, err, board.Conflict, "email")
	_, _, err = c.AddPerson(c.ctx, c.admin, with(func(p *board.NewPerson) { p.Kind = board.Guest; p.Roles = []board.Role{board.HR} }))
	wants(t, err, board.Invalid, "role")
	for _, who := range []board.Who{{}, c.anna, c.mod, c.guest} {
		_, _, err := c.AddPerson(c.ctx, who, good)
		wants(t, err, board.Forbidden, "")
	}
	if teams, err := c.Teams(c.ctx, c.anna); err != nil || len(teams) != 1 || teams[0] != "Qualità" {
		t.Errorf("got teams %v, %v", teams, err)
	}
	c.clean()
}

// TestRolesAreCheckedAsTheyStand has an administrator act who ceased to be one
// after the request had begun.
func TestRolesAreCheckedAsTheyStand(t *testing.T) {
	c := newCompany(t)
	second := c.person("Seconda Admin", board.Employee, board.Admin)
	none := []board.Role{}
	if _, err := c.ChangePerson(c.ctx, second, c.admin.ID, PersonChange{Roles: &none}); err != nil {
		t.Fatal(err)
	}
	_, _, err := c.AddPerson(c.ctx, c.admin, board.NewPerson{Name: "X", Email: "x@example.com", Kind: board.Employee})
	wants(t, err, board.Forbidden, "")
	_, err = c.ChangePerson(c.ctx, c.admin, second.ID, PersonChange{Roles: &none})
	wants(t, err, board.Forbidden, "")
	_, _, err = c.AddLink(c.ctx, c.admin, second.ID)
	wants(t, err, board.Forbidden, "")
}

func TestAGuestKnowsOnlyWhoWroteWhereTheyAre(t *testing.T) {
	c := newCompany(t)
	c.do(c.AddMember(c.ctx, c.mod, c.private, c.guest.ID))
	other := c.person("Altra Cliente", board.Guest)
	knows := func(who board.Who, id int64, want bool) {
		t.Helper()
		_, err := c.Person(c.ctx, who, id)
		if want && err != nil {
			t.Errorf("%s does not know %d: %v", who.Name, id, err)
		}
		if !want {
			wants(t, err, board.NotFound, "")
		}
	}
	knows(c.guest, c.guest.ID, true)
	knows(c.guest, c.anna.ID, false)
	knows(c.anna, c.guest.ID, false)
	knows(c.anna, c.bruno.ID, true)
	knows(c.admin, other.ID, true)
	c.idea(c.anna, c.open, "Dove il cliente non c'è")
	knows(c.guest, c.anna.ID, false)
	idea := c.idea(c.anna, c.private, "Dove il cliente c'è")
	knows(c.guest, c.anna.ID, true)
	knows(c.guest, c.mod.ID, false)
	comment := c.reply(c.mod, idea.ID, nil, "Sì")
	knows(c.guest, c.mod.ID, true)
	c.reply(c.guest, idea.ID, nil, "Bene")
	knows(c.anna, c.guest.ID, true)
	knows(c.bruno, c.guest.ID, false) // not on that board
	knows(other, c.guest.ID, false)
	c.do(c.DeleteComment(c.ctx, c.mod, comment.ID))
	knows(c.guest, c.mod.ID, false)
	c.do(c.RemoveMember(c.ctx, c.mod, c.private, c.guest.ID))
	knows(c.guest, c.anna.ID, false)
	for _, ask := range []func() error{
		func() error { _, err := c.People(c.ctx, c.guest, "", 0, ""); return err },
		func() error { _, err := c.Teams(c.ctx, c.guest); return err },
		func() error { _, err := c.PersonByHandle(c.ctx, c.guest, "anna.gatti"); return err },
	} {
		wants(t, ask(), board.NotFound, "")
	}
}

func TestTheDirectoryInPieces(t *testing.T) {
	c := newCompany(t)
	for i := range 12 {
		c.person(fmt.Sprintf("Zoe Numero %c", 'a'+i), board.Employee)
	}
	disabled := true
	if _, err := c.ChangePerson(c.ctx, c.admin, c.bruno.ID, PersonChange{Disabled: &disabled}); err != nil {
		t.Fatal(err)
	}
	seen, pieces, after := []string{}, 0, ""
	for {
		list, err := c.People(c.ctx, c.anna, "", 5, after)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range list.Items {
			seen = append(seen, p.Name)
		}
		if pieces++; list.Next == "" {
			break
		}
		after = list.Next
	}
	want := "Ada Riva,Anna Gatti,Mara Conti"
	for i := range 12 {
		want += fmt.Sprintf(",Zoe Numero %c", 'a'+i)
	}
	if got := strings.Join(seen, ","); got != want || pieces != 3 {
		t.Errorf("got %s in %d pieces", got, pieces)
	}
	for q, n := range map[string]int{"zòe numero": 12, "GATTI": 1, "%": 15, "_": 15, "nessuno": 0} {
		if list, err := c.People(c.ctx, c.anna, q, 50, ""); err != nil || len(list.Items) != n {
			t.Errorf("%q: got %d, %v, want %d", q, len(list.Items), err, n)
		}
	}
	_, err := c.People(c.ctx, c.anna, "", 5, "x")
	wants(t, err, board.Invalid, "cursor")
	if all, _, err := c.Accounts(c.ctx, c.admin, AccountFilter{}, 50, ""); err != nil || len(all.Items) != 17 {
		t.Errorf("got %d accounts, %v", len(all.Items), err)
	}
	_, _, err = c.Accounts(c.ctx, c.mod, AccountFilter{}, 50, "")
	wants(t, err, board.Forbidden, "")
}

func TestTheDirectoryIsSearchedByNameTeamAndSite(t *testing.T) {
	c := newCompany(t)
	for _, p := range []board.NewPerson{
		{Name: "Marta Riva", Email: "marta@example.com", Kind: board.Employee, Team: "Produzione", Site: "Bergamo"},
		{Name: "Marta D’Amico", Email: "damico@example.com", Kind: board.Employee, Team: "Qualità", Site: "Forlì"},
		{Name: "Paolo Conti", Email: "paolo@example.com", Kind: board.Employee, Team: "Produzione", Site: "Forlì"},
		{Name: "李雷", Email: "li@example.com", Kind: board.Employee, Site: "Bergamo"},
	} {
		if _, _, err := c.AddPerson(c.ctx, c.admin, p); err != nil {
			t.Fatal(err)
		}
	}
	for q, want := range map[string]string{
		"produzione": "Marta Riva,Paolo Conti", "bergamo marta": "Marta Riva", "QUALITÀ": "Marta D’Amico", "qualita": "Marta D’Amico",
		"d'amico": "Marta D’Amico", "forli": "Marta D’Amico,Paolo Conti", "@paolo.conti": "Paolo Conti", "李": "李雷", "marta produzione forlì": "",
	} {
		var names []string
		for after := ""; ; {
			list, err := c.People(c.ctx, c.anna, q, 1, after)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range list.Items {
				names = append(names, p.Name)
			}
			if after = list.Next; after == "" {
				break
			}
		}
		if got := strings.Join(names, ","); got != want {
			t.Errorf("%q: got %s, want %s", q, got, want)
		}
	}
}

func TestTitlesOfWhatOneMayNotSeeAreNotRead(t *testing.T) {
	c := newCompany(t)
	c.do(c.AddMember(c.ctx, c.mod, c.private, c.anna.ID))
	open, private := c.idea(c.anna, c.open, "Per tutti"), c.idea(c.anna, c.private, "Per pochi")
	titles := func(who board.Who) string {
		t.Helper()
		got, err := c.Titles(c.ctx, who, []int64{open.ID, private.ID, 99999})
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(got[open.ID] + " " + got[private.ID])
	}
	for _, x := range []struct {
		who  board.Who
		want string
	}{{c.anna, "Per tutti Per pochi"}, {c.bruno, "Per tutti"}, {c.guest, ""}} {
		if got := titles(x.who); got != x.want {
			t.Errorf("%s: got %q, want %q", x.who.Name, got, x.want)
		}
	}
}

func TestSessionsEnd(t *testing.T) {
	c := newCompany(t)
	open := func() string {
		t.Helper()
		secret, err := c.OpenSession(c.ctx, c.anna.ID, "Mozilla/5.0 (Windows NT 10.0) Edg/120", false)
		if err != nil {
			t.Fatal(err)
		}
		return secret
	}
	holds := func(secret string, want bool) {
		t.Helper()
		l, err := c.Session(c.ctx, secret)
		if want && (err != nil || l.ID != c.anna.ID || l.Session == 0) {
			t.Errorf("got %+v, %v", l, err)
		}
		if !want {
			wants(t, err, board.Unauthorized, "")
		}
	}
	pass := func(d time.Duration) { c.clock.Add(d.Microseconds()) }

	secret := open()
	pass(SessionIdle - time.Minute)
	holds(secret, true) // used: the idle time begins again, to the hour
	pass(SessionIdle - time.Hour - time.Minute)
	holds(secret, true)
	pass(SessionIdle + time.Minute)
	holds(secret, false)

	secret = open()
	for range 7 * 24 / 4 {
		holds(secret, true)
		pass(4 * time.Hour)
	}
	holds(secret, false) // a week, however busy

	first := open()
	l, err := c.Session(c.ctx, first)
	if err != nil {
		t.Fatal(err)
	}
	for range maxSessions - 1 {
		open()
	}
	holds(first, true)
	open()
	holds(first, false)
	if alive, err := c.Alive(c.ctx, l); alive || err != nil {
		t.Errorf("a session that was dropped: got %v, %v", alive, err)
	}
	if list, err := c.Sessions(c.ctx, l); err != nil || len(list) != maxSessions || list[0].Device != "Edge · Windows" || list[0].Current {
		t.Errorf("got %d sessions, first %+v, %v", len(list), list[0], err)
	}
	holds("", false)
	holds("wrong", false)

	open()
	pass(SessionIdle + time.Minute)
	if err := c.Forget(c.ctx); err != nil {
		t.Fatal(err)
	}
	var hours int
	if err := c.readDB.QueryRow(`SELECT COUNT(*) FROM session`).Scan(&hours); err != nil || hours != 0 {
		t.Errorf("%d hours stay of sessions that open nothing any more, %v", hours, err)
	}
}

// TestThoseWhoKeepConnectionsOpenHearOfRevocations takes every way to end a login.
func TestThoseWhoKeepConnectionsOpenHearOfRevocations(t *testing.T) {
	c := newCompany(t)
	told := map[int64]int{}
	c.OnRevoke(func(person int64) { told[person]++ })
	login := func() (Login, Login) {
		t.Helper()
		secret, err := c.OpenSession(c.ctx, c.anna.ID, "", false)
		if err != nil {
			t.Fatal(err)
		}
		session, err := c.Session(c.ctx, secret)
		if err != nil {
			t.Fatal(err)
		}
		if secret, err = c.AddToken(c.ctx, c.anna, "x"); err != nil {
			t.Fatal(err)
		}
		token, err := c.Token(c.ctx, secret)
		if err != nil {
			t.Fatal(err)
		}
		return session, token
	}
	yes, no := true, false
	for name, way := range map[string]struct {
		do             func(session, token Login) error
		session, token bool // that still hold afterwards
	}{
		"sign out":       {func(s, _ Login) error { return c.EndSession(c.ctx, s.Who, s.Session) }, false, true},
		"sign out all":   {func(s, _ Login) error { return c.EndSessions(c.ctx, s.Who, 0) }, false, true},
		"sign out rest":  {func(s, _ Login) error { return c.EndSessions(c.ctx, s.Who, s.Session) }, true, true},
		"remove a token": {func(_, k Login) error { return c.RemoveToken(c.ctx, k.Who, k.Token) }, true, false},
		"another's": {func(s, k Login) error {
			_ = c.EndSession(c.ctx, c.bruno, s.Session)
			return c.RemoveToken(c.ctx, c.bruno, k.Token)
		}, true, true},
		"disable": {func(s, _ Login) error {
			_, err := c.ChangePerson(c.ctx, c.admin, s.ID, PersonChange{Disabled: &yes})
			if err == nil {
				_, err = c.ChangePerson(c.ctx, c.admin, s.ID, PersonChange{Disabled: &no})
			}
			return err
		}, false, false},
		"reset": {func(s, _ Login) error {
			purpose, secret, err := c.AddLink(c.ctx, c.admin, s.ID)
			if err == nil {
				_, err = c.UseLink(c.ctx, purpose, secret, board.NewPerson{}, "quattro gatti sul tetto")
			}
			return err
		}, false, false},
	} {
		session, token := login()
		before := told[c.anna.ID]
		if err := way.do(session, token); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if name != "another's" && told[c.anna.ID] == before {
			t.Errorf("%s: nobody was told", name)
		}
		for _, x := range []struct {
			login Login
			want  bool
		}{{session, way.session}, {token, way.token}} {
			if got, err := c.Alive(c.ctx, x.login); got != x.want || err != nil {
				t.Errorf("%s: login %+v holds: %v, %v, want %v", name, x.login, got, err, x.want)
			}
		}
	}
}

// TestGuessersAreSlowedAndNobodyIsShutOut lets a guesser try as fast as allowed.
func TestGuessersAreSlowedAndNobodyIsShutOut(t *testing.T) {
	for name, c := range map[string]struct {
		pace pace
		most int
	}{"an account": {perAccount, 20}, "an address": {perAddress, 100}} {
		made, at := int64(0), time.Duration(0)
		var tries []time.Duration
		for at < 6*time.Hour {
			tries = append(tries, at)
			made++
			wait := c.pace.wait(made)
			if wait > c.pace.settled {
				t.Fatalf("%s: a wait of %v", name, wait)
			}
			at += max(wait, time.Millisecond)
			made = max(0, made-int64(wait/c.pace.settled))
		}
		for i, start := range tries {
			n := 0
			for _, try := range tries[i:] {
				if try < start+time.Hour {
					n++
				}
			}
			if n > c.most {
				t.Fatalf("%s: %d attempts in the hour from %v", name, n, start)
			}
		}
		if len(tries) < 30 {
			t.Errorf("%s: only %d attempts in six hours", name, len(tries))
		}
	}
}

func TestAttemptsCountBeforeTheyAreJudged(t *testing.T) {
	c := newCompany(t)
	slowed := 0
	for range 8 { // the clock moves a second with each look
		_, err := c.CheckPassword(c.ctx, "anna.gatti@example.com", "non è questa, no", "192.0.2.1")
		var e *board.Error
		if errors.As(err, &e) && e.Code == board.TooMany {
			slowed++
		}
	}
	if slowed == 0 {
		t.Error("nothing was slowed")
	}
	var names int
	if err := c.readDB.QueryRow(`SELECT COUNT(*) FROM attempt WHERE name LIKE '%anna%' OR name LIKE '%192%@%'`).Scan(&names); err != nil || names != 0 {
		t.Errorf("the table names whom: %d, %v", names, err)
	}
	c.clock.Add((2 * time.Hour).Microseconds())
	hash, err := password.Hash(c.ctx, "quattro gatti sul tetto")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.write(c.ctx, c.anna.ID, func(tx *Tx) error { return tx.setPassword(c.anna.ID, hash, 0) }); err != nil {
		t.Fatal(err)
	}
	if id, err := c.CheckPassword(c.ctx, "ANNA.GATTI@example.com", "quattro gatti sul tetto", "192.0.2.1"); err != nil || id != c.anna.ID {
		t.Errorf("after a while: got %d, %v", id, err)
	}
}

func TestLinksGrowOld(t *testing.T) {
	c := newCompany(t)
	ages := func(want Purpose, life time.Duration) {
		t.Helper()
		purpose, secret, err := c.AddLink(c.ctx, c.admin, c.anna.ID)
		if err != nil || purpose != want {
			t.Fatalf("got %s, %v, want %s", purpose, err, want)
		}
		c.clock.Add((life - time.Minute).Microseconds())
		if _, err := c.FindLink(c.ctx, purpose, secret); err != nil {
			t.Errorf("%s: before its time: %v", purpose, err)
		}
		c.clock.Add((2 * time.Minute).Microseconds())
		_, err = c.FindLink(c.ctx, purpose, secret)
		wants(t, err, board.NotFound, "")
		_, err = c.UseLink(c.ctx, purpose, secret, board.NewPerson{}, "quattro gatti sul tetto")
		wants(t, err, board.NotFound, "")
	}
	ages(Invitation, 7*24*time.Hour)
	purpose, secret, err := c.AddLink(c.ctx, c.admin, c.anna.ID)
	if err != nil {
		t.Fatal(err)
	}
	c.do(c.UseLink(c.ctx, purpose, secret, board.NewPerson{}, "quattro gatti sul tetto"))
	ages(Reset, 30*time.Minute)
	_, _, err = c.AddLink(c.ctx, c.mod, c.anna.ID)
	wants(t, err, board.Forbidden, "")
	_, _, err = c.AddLink(c.ctx, c.admin, 99999)
	wants(t, err, board.NotFound, "")
}
