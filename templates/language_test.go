package templates

import (
	"strings"
	"testing"

	"github.com/a-h/templ"

	"convivio/store/board"
)

// TestWordsInAnotherLanguageAreMarked looks at what people wrote on a page in Italian.
func TestWordsInAnotherLanguageAreMarked(t *testing.T) {
	for name, of := range map[string]func(lang string) templ.Component{
		"comment": func(lang string) templ.Component {
			return Comment(CommentPart{"it", board.Comment{ID: 1, HTML: "<p>x</p>", Lang: lang}})
		},
		"answer": func(lang string) templ.Component {
			return Answers(AnswersPart{"it", 1, []board.Answer{{ID: 1, HTML: "<p>x</p>", Lang: lang}}})
		},
		"idea": func(lang string) templ.Component {
			return IdeaText(IdeaTextPart{"it", board.Idea{ID: 1, HTML: "<p>x</p>", Lang: lang}})
		},
		"row": func(lang string) templ.Component {
			return IdeaRow(IdeaRowPart{Lang: "it", Idea: board.Idea{ID: 1, Title: "x", Lang: lang}})
		},
		"hit": func(lang string) templ.Component {
			return hit(SearchPart{Lang: "it"}, board.Hit{Idea: 1, Title: "x", Headline: "<mark>x</mark>", Snippet: "x", Lang: lang, TitleLang: lang})
		},
	} {
		for lang, want := range map[string]bool{"en": true, "it": false, "": false} {
			if html := render(t, of(lang)); strings.Contains(html, `lang="`+lang+`"`) != want {
				t.Errorf("%s in %q on a page in Italian: marked %v, want %v\n%s", name, lang, !want, want, html)
			}
		}
	}
}
