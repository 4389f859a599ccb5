package templates

import (
	"strconv"
	"strings"
	"time"

	"convivio/store/board"
	"convivio/templates/words"
)

// ReportPage reports an idea or, with Comment, a comment. POST /ideas/{id}/report
// or /comments/{id}/report: ground, other, note.
type ReportPage struct {
	Page
	Idea    board.Idea
	Comment *board.Comment
	Form    ReportForm
}

// ReportForm is a report being written.
type ReportForm struct {
	Ground board.Ground
	Other  string // the idea that says the same, as typed
	Note   string
	Again  bool // it changes a report that was made before
	Fault  *board.Error
}

// ReportsPage lists the reader's own reports.
type ReportsPage struct {
	Page
	Reports []board.Report
}

// ReviewsPage is what waits for a moderator: GET /review: kind, board, after. POST
// /review: item (repeats; id.version), action, ground, note, until, or one
// (id.version.action or id.version.action.ground: the button of one row), back.
type ReviewsPage struct {
	Page
	Kind    board.ReviewKind // empty: all
	Board   string           // slug; empty: all
	After   string
	Items   []board.ReviewItem
	Ideas   []board.Idea // whose answers are late, with Kind LateItem
	Counts  board.ReviewCounts
	Late    int
	More    string
	Results []ReviewResult // of what was just done
	Form    RuleForm       // of the form for many
}

// ReviewResult is what came of one item: a decision, or why there is none.
type ReviewResult struct {
	Item     int64
	What     string // id of the decision, or handover, stale, forbidden, failed
	Decision board.Decision
}

// RuleForm is a decision being made.
type RuleForm struct {
	Action  board.Action
	Ground  board.Ground
	Note    string
	Until   string
	Minutes int64
	Title   string
	Body    string
	Into    string
	Board   string
	To      int64
	Items   []string // ticked, of the form for many
	Fault   *board.Error
}

// ReviewPage is one item with all that is needed to decide about it: GET
// /review/{id}: action. POST /review/{id}: version, do, ground, note, until,
// minutes, title, body, into, board, to, back; /review/{id}/claim, /unclaim:
// nothing but key.
type ReviewPage struct {
	Page
	Item      board.ReviewItem
	Reviewers []board.Author // to whom it can be handed over
	Earlier   []board.Decision
	Form      RuleForm
}

// ReviewRowPart is a row of the review page.
type ReviewRowPart struct {
	Lang string
	Key  string
	Item board.ReviewItem
	Form RuleForm // with a fault: why nothing was decided
	Tick bool     // it is ticked
}

// ReviewDonePart is what stands in the place of a row that was decided.
type ReviewDonePart struct {
	Lang     string
	Key      string
	Item     int64
	Decision board.Decision
}

// DecisionsPage lists what was decided: GET /review/decisions: board, idea,
// comment, after. POST /review/decisions/{id}/undo: nothing but key.
type DecisionsPage struct {
	Page
	Items []board.Decision
	Board string
	More  string
}

func reviewPath(id int64) string { return "/review/" + strconv.FormatInt(id, 10) }

// reviewsPath is the review page, as it is to be filtered.
func reviewsPath(kind board.ReviewKind, slug, after string) string {
	return address("/review", "kind", string(kind), "board", slug, "after", after)
}

// back is what a form takes along to come back to the page as it is.
func (p ReviewsPage) back() string {
	return strings.TrimPrefix(reviewsPath(p.Kind, p.Board, p.After), "/review?")
}

// ticket names an item as it was seen.
func ticket(it board.ReviewItem) string {
	return strconv.FormatInt(it.ID, 10) + "." + strconv.FormatInt(it.Version, 10)
}

// mainGround is the ground that most reported something on.
func mainGround(it board.ReviewItem) board.Ground {
	var most board.GroundSum
	for _, g := range it.Grounds {
		if g.Count > most.Count {
			most = g
		}
	}
	return most.Ground
}

// may tells whether something can be decided about an item.
func may(it board.ReviewItem, a board.Action) bool {
	for _, x := range it.Actions {
		if x == a {
			return true
		}
	}
	return false
}

// bulkActions are those that can be done about many items at once.
var bulkActions = []board.Action{board.Keep, board.Hide, board.Delete, board.Lock, board.Warn}

// actionNames lists actions for a form to choose from.
func actionNames(lang string, list []board.Action) (out []choice) {
	for _, a := range list {
		out = append(out, choice{string(a), words.Action(lang, a)})
	}
	return out
}

// groundNames lists grounds, after nothing chosen.
func groundNames(lang string) []choice {
	out := []choice{{"", words.T(lang, "Choose the reason…")}}
	for _, g := range board.Grounds {
		out = append(out, choice{string(g), words.Ground(lang, g)})
	}
	return out
}

// weekOn is the day that forms offer for the end of something: a week from now.
func weekOn(until string) string {
	if until != "" {
		return until
	}
	return time.Now().AddDate(0, 0, 7).Format(time.DateOnly)
}

// trustText says how often those who reported something were right before.
func trustText(lang string, t board.Trust) string {
	switch {
	case t.Of > 0:
		return words.T(lang, "earlier reports of theirs were right %d of %d times", t.Right, t.Of)
	case t.Mostly:
		return words.T(lang, "earlier reports were mostly right")
	}
	return ""
}

// decidedText says in a few words what was decided, and why.
func decidedText(lang string, d board.Decision) string {
	text := words.Done(lang, d.Action)
	if d.Ground != "" {
		text += ": " + words.Ground(lang, d.Ground)
	}
	return text
}

// aboutItem names what an item is about.
func aboutItem(lang string, it board.ReviewItem) string {
	switch {
	case it.Sealed:
		return words.T(lang, "On a private board that you are no member of")
	case it.Title == "" && it.Kind == board.HeldItem:
		return words.T(lang, "A post that waits")
	case it.Title == "" && it.Kind == board.AppealItem:
		return words.T(lang, "Appeal")
	case it.Title == "":
		return words.T(lang, "Deleted meanwhile")
	case it.Comment != 0:
		return words.T(lang, "A comment on “%s”", it.Title)
	}
	return it.Title
}
