package templates

import (
	"strings"
	"testing"

	"convivio/store/board"
	"convivio/templates/words"
)

func TestEveryActIsToldInASentence(t *testing.T) {
	e := board.AuditEntry{Idea: 17, Comment: 18, Name: board.Sealed{Value: "Ada Riva"}, Target: board.Sealed{Value: "Anna Gatti"}}
	for _, lang := range words.Langs {
		seen := map[string]board.Act{}
		for _, e.Act = range board.Acts {
			s := auditSentence(lang, e)
			if !strings.HasSuffix(s, ".") || strings.Contains(s, "%!") || strings.Contains(s, string(e.Act)) {
				t.Errorf("%s is told as %q in %s: give it a sentence in audit_words.go", e.Act, s, lang)
			}
			if other, twice := seen[s]; twice {
				t.Errorf("%s and %s are told alike: %q", e.Act, other, s)
			}
			seen[s] = e.Act
		}
	}
}

func TestValuesBeforeAndAfterStandSideBySide(t *testing.T) {
	got := auditChanges(board.AuditEntry{Before: board.Sealed{Value: `{"roles":["admin"],"team":"Acquisti"}`}, After: board.Sealed{Value: `{"roles":["admin","hr"],"n":3}`}})
	want := []auditChange{{"n", "", "3"}, {"roles", "admin", "admin, hr"}, {"team", "Acquisti", ""}}
	if len(got) != len(want) {
		t.Fatalf("got %v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %v, want %v", got[i], want[i])
		}
	}
}

func TestAStageIsToldByItsName(t *testing.T) {
	e := board.AuditEntry{Act: board.IdeaMovedAct, Idea: 17, Name: board.Sealed{Value: "Ada Riva"}, After: board.Sealed{Value: `{"stage":"declined","quiet":false}`}}
	for lang, want := range map[string]string{"it": "Ada Riva ha portato l'idea 17 a «Non accolta».", "en": "Ada Riva moved idea 17 to “Declined”."} {
		if got := auditSentence(lang, e); got != want {
			t.Errorf("in %s it is %q", lang, got)
		}
	}
}
