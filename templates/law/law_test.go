package law

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"convivio/store/board"
)

// TestEverythingThatIsKeptIsTold: each kind of datum has all of its words in both
// languages, and each figure stands in the documents that list them.
func TestEverythingThatIsKeptIsTold(t *testing.T) {
	for _, c := range board.Everything {
		w := tells(c.Datum, Usual)
		for _, text := range []Text{w.what, w.why, w.sees, w.until, ground(c.Basis)} {
			if text.En == "" || text.It == "" || strings.Contains(text.En+text.It, "%") || text.En == text.It && text.En != "" && !strings.ContainsAny(text.En, "0123456789") {
				t.Errorf("%s is told as %q, %q", c.Datum, text.En, text.It)
			}
		}
		if (len(c.Tables) == 0) == (c.Place == "") {
			t.Errorf("%s stands nowhere, or twice", c.Datum)
		}
	}
	for _, lang := range []string{"it", "en"} {
		for _, name := range Names {
			d := Write(name, lang, Usual)
			text := d.Markdown()
			if d.Title == "" || len(d.Blocks) < 5 || strings.Contains(text, "%!") || strings.Contains(text, "%s") || strings.Contains(text, "|  |") {
				t.Errorf("%s in %s is not whole:\n%s", name, lang, text)
			}
			if name != Notice && strings.Count(text, "\n") < len(board.Definitions)+len(board.Everything) {
				t.Errorf("%s in %s leaves out data or figures", name, lang)
			}
			if !strings.Contains(text, "2024/1689") {
				t.Errorf("%s in %s does not say that nobody's emotions are inferred", name, lang)
			}
		}
	}
}

// TestLimitsAreSaid: the documents say the numbers that the maintenance works by.
func TestLimitsAreSaid(t *testing.T) {
	en := Write(Collected, "en", Facts{AccessDays: 3}).Markdown()
	for _, say := range []string{"3 days, then the server deletes the file; 21 days at most", "8 hours after the last use", "90 days", "addresses 21 days"} {
		if !strings.Contains(en, say) {
			t.Errorf("%q is not said", say)
		}
	}
	if none := Write(Collected, "it", Facts{}).Markdown(); !strings.Contains(none, "Qui non si tiene") {
		t.Error("an access log that is not there is said to be")
	}
}

// noticeSum is what the notice of NoticeVersion says.
const noticeSum = "7934552a061335ad"

// TestANoticeThatChangesHasANewNumber: who read another text is asked to read again.
func TestANoticeThatChangesHasANewNumber(t *testing.T) {
	sum := sha256.Sum256([]byte(Write(Notice, "it", Usual).Markdown() + Write(Notice, "en", Usual).Markdown()))
	if got := hex.EncodeToString(sum[:8]); got != noticeSum {
		t.Errorf("the notice changed: write %q into noticeSum, and raise NoticeVersion where it says something else to people", got)
	}
}
