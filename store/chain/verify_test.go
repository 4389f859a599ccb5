package chain

import (
	"errors"
	"testing"

	"convivio/store/board"
)

// TestWhatIsMissingIsAccountedForByAnActOfTheLog: a name or a value is gone rightly
// where a later entry says that the person was erased, and in no other case.
func TestWhatIsMissingIsAccountedForByAnActOfTheLog(t *testing.T) {
	entries := []board.AuditEntry{
		{Act: "role.given", Actor: 7, Person: 8, Name: Seal("Ada"), Target: Seal("Bruno"), Note: Seal("perché"), Before: Seal("{}")},
		{Act: PersonErased, Outcome: board.ActDone, Actor: 9, Person: 8},
	}
	prev := Start
	for i := range entries {
		e := &entries[i]
		e.Seq, e.Prev = int64(i+1), prev
		var err error
		if e.Hash, err = Hash(*e); err != nil {
			t.Fatal(err)
		}
		prev = e.Hash
	}
	erase := func(s *board.Sealed) { s.Value, s.Salt = "", "" }
	for name, tt := range map[string]struct {
		change func(*board.AuditEntry)
		upto   int
		whole  bool
	}{
		"untouched":                          {func(*board.AuditEntry) {}, 2, true},
		"the name of who was erased":         {func(e *board.AuditEntry) { erase(&e.Target) }, 2, true},
		"the same before they were":          {func(e *board.AuditEntry) { erase(&e.Target) }, 1, false},
		"a reason about who was erased":      {func(e *board.AuditEntry) { erase(&e.Note) }, 2, true},
		"the name of who acted, who was not": {func(e *board.AuditEntry) { erase(&e.Name) }, 2, false},
		"a value before anybody was erased":  {func(e *board.AuditEntry) { erase(&e.Before) }, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			var v, part Verifier
			part.Partial = true
			for i, e := range entries[:tt.upto] {
				if i == 0 {
					tt.change(&e)
				}
				if err := errors.Join(v.Next(e), part.Next(e)); err != nil {
					t.Fatal(err)
				}
			}
			if err := v.Whole(); (err == nil) != tt.whole {
				t.Errorf("got %v", err)
			}
			if err := part.Whole(); err != nil {
				t.Errorf("of a part nothing follows: %v", err)
			}
		})
	}
}
