package templates

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"

	"convivio/store/board"
)

// initials are the one or two letters that stand for a name.
func initials(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || r == '-' })
	out := ""
	for i, w := range words {
		if i == 0 || i == len(words)-1 {
			r, _ := utf8.DecodeRuneInString(w)
			out += string(unicode.ToUpper(r))
		}
	}
	return out
}

var (
	tag = regexp.MustCompile(`<[^>]*>`)
	// block tags stand between words; others may stand within one, or before a comma.
	block = regexp.MustCompile(`</?(?:p|h[1-6]|ul|ol|li|blockquote|pre|table|thead|tbody|tr|th|td|br|hr)\b[^>]*>`)
)

// entities are those that escaping writes; unescaped for text that is escaped again.
var entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&#34;", `"`, "&#39;", "'", "&quot;", `"`, "&amp;", "&")

// opening is the first words of a rendered text, plain.
func opening(html string, runes int) string {
	words := tag.ReplaceAllString(block.ReplaceAllString(html, " "), "")
	plain := strings.Join(strings.Fields(entities.Replace(words)), " ")
	if utf8.RuneCountInString(plain) <= runes {
		return plain
	}
	cut := string([]rune(plain)[:runes])
	if i := strings.LastIndexByte(cut, ' '); i > runes/2 {
		cut = cut[:i]
	}
	return cut + "…"
}

// current marks the one of several links that leads to where the reader is.
func current(is bool) templ.Attributes {
	if !is {
		return nil
	}
	return templ.Attributes{"aria-current": "true"}
}

// reads tells whether a text is known to be in a language other than the page's,
// which then must be marked for those who have it read aloud.
func reads(page, text string) bool { return text != "" && text != page }

func owns(w *board.Who, a board.Author) bool { return w != nil && w.ID == a.ID }

func moderates(w *board.Who) bool { return w != nil && w.Moderates() }

// tends tells whether the page's reader moderates a board.
func tends(w *board.Who, boardID int64) bool { return w != nil && w.ModeratesBoard(boardID) }

// answersFor tells whether the page's reader may answer in the company's name there.
func answersFor(w *board.Who, boardID int64) bool {
	return tends(w, boardID) || w != nil && w.OwnsBoard(boardID)
}

func administers(w *board.Who) bool { return w != nil && w.Has(board.Admin) }

// mayEdit says whether the pages offer somebody to change an idea; the store decides.
func mayEdit(w *board.Who, i board.Idea) bool { return owns(w, i.Author) && !i.Locked }

// mayWithdraw says whether the author can still take the idea back.
func mayWithdraw(w *board.Who, i board.Idea) bool {
	st, there := i.Stage.Step(board.Withdrawn)
	return there && st.By&board.ByAuthor != 0 && mayEdit(w, i)
}

// votesOpen says whether the vote button can be pressed.
func votesOpen(i board.Idea) bool { return i.Stage.VotesOpen() && !i.Locked }
