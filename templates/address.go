package templates

import (
	"net/url"
	"strconv"

	"convivio/store/board"
)

// address joins a path and its query, leaving out empty values. Pairs are names
// and values in turn.
func address(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// numbered makes ids and paths: numbered("/ideas/", 12, "/vote").
func numbered(before string, n int64, after string) string {
	return before + strconv.FormatInt(n, 10) + after
}

func ideaPath(id int64) string    { return numbered("/ideas/", id, "") }
func commentPath(id int64) string { return numbered("/comments/", id, "") }
func personPath(id int64) string  { return numbered("/people/", id, "") }
func boardPath(slug string) string {
	return "/boards/" + url.PathEscape(slug)
}

// inThread leads to a comment in its thread, whichever piece it stands on.
func inThread(id int64) string { return numbered("/comments/", id, "/in-thread") }

// replyPath leads to a form that replies to a comment.
func replyPath(id int64) string { return numbered("/comments/", id, "#reply") }

// threadPath leads to a piece of an idea's thread.
func threadPath(idea int64, sort board.CommentSort, after string) string {
	return address(ideaPath(idea), "sort", sortName(sort), "after", after)
}

// branchPath leads to a piece of the branch below a comment.
func branchPath(comment int64, sort board.CommentSort, after string) string {
	return address(commentPath(comment), "sort", sortName(sort), "after", after)
}

// commentsPath is where a comment is sent: the order one reads in is kept.
func commentsPath(idea int64, sort board.CommentSort) string {
	return address(ideaPath(idea)+"/comments", "sort", sortName(sort))
}

// SpotPath leads to a comment where it stands in its thread: at tells the server
// which piece to show, the fragment tells the browser where to look.
func SpotPath(idea, comment int64, sort board.CommentSort) string {
	return address(ideaPath(idea), "at", strconv.FormatInt(comment, 10), "sort", sortName(sort)) + spot(comment)
}

func spot(comment int64) string { return numbered("#c", comment, "") }

// sortName is how an order stands in an address: the usual one goes without saying.
func sortName(sort board.CommentSort) string {
	if sort == board.Best {
		return ""
	}
	return string(sort)
}

// listPath leads to a piece of a board.
func listPath(slug string, sort board.IdeaSort, stage board.Stage, after string) string {
	if sort == board.Growing {
		sort = ""
	}
	return address(boardPath(slug), "sort", string(sort), "stage", string(stage), "after", after)
}

// NewIdeaPath leads to the form for a new idea on a board, with a title to begin with.
func NewIdeaPath(slug, title string) string {
	return address(boardPath(slug)+"/new", "title", title)
}
