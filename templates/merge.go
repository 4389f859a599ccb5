package templates

import (
	"strings"

	"convivio/store/board"
	"convivio/templates/words"
)

// MergePage merges an idea into another one: GET /ideas/{id}/merge with q, to look
// for the other, or into, to compare the two. POST /ideas/{id}/merge: into, reason,
// and confirm (Merging.Gain.Sign) where more people would read the words.
type MergePage struct {
	Page
	Idea    board.Idea
	Query   string
	Found   []board.Hit    // before the other one is chosen
	Merging *board.Merging // once it is
	Reason  string
	Fault   *board.Error
}

// UnmergeForm is a merge being undone, where that needs a second look.
// POST /ideas/{id}/unmerge: confirm.
type UnmergeForm struct {
	Idea  int64
	Gain  board.Circle
	Fault *board.Error
}

// RelocatePage moves an idea to another board: GET /ideas/{id}/move with board
// (slug) once it is chosen. POST /ideas/{id}/move: board, reason, confirm.
type RelocatePage struct {
	Page
	Idea       board.Idea
	Choices    []board.Board // that the reader moderates
	Relocating *board.Relocating
	Reason     string
	Fault      *board.Error
}

// SplitPage makes an idea of a comment. POST /comments/{id}/split: title.
type SplitPage struct {
	Page
	Idea    board.Idea
	Comment board.Comment
	Title   string
	Fault   *board.Error
}

// MergedPart is what was merged into an idea. Element #merged.
type MergedPart struct {
	Lang   string
	Idea   board.Idea
	Merged []board.MergedIdea
}

// circle lists people, and says how many there are besides.
func circle(lang string, c board.Circle) string {
	list := strings.Join(c.Names, ", ")
	if rest := c.Count - len(c.Names); rest > 0 && len(c.Names) > 0 {
		return words.N(lang, rest, "%[2]s and one more person", "%[2]s and %[1]d more people", list)
	}
	return list
}

// mergeEffects says what a merge will do, a sentence each.
func mergeEffects(lang string, m board.Merging) (out []string) {
	if m.Frozen {
		out = append(out, words.T(lang, "The votes stay as they are: %d here, %d there. The idea that stays takes no votes any more.", m.From.Votes, m.Into.Votes))
	} else {
		out = append(out, words.N(lang, m.Votes, "Together they have %d vote.", "Together they have %d votes."))
		if m.Both > 0 {
			out = append(out, words.N(lang, m.Both, "%d person voted for both and counts once.", "%d people voted for both and count once."))
		}
		if m.From.Votes > 0 {
			out = append(out, words.T(lang, "Who voted is told, and may take the vote back."))
		}
	}
	out = append(out, words.N(lang, m.Comments, "%d comment moves along, below the text of the merged idea.", "%d comments move along, below the text of the merged idea."))
	if m.Answers > 0 {
		out = append(out, words.N(lang, m.Answers, "%d official answer stays readable, and says what it answered.", "%d official answers stay readable, and say what they answered."))
	}
	if m.Carried > 0 {
		out = append(out, words.N(lang, m.Carried, "%d idea that was merged into it comes along.", "%d ideas that were merged into it come along."))
	}
	return append(out, words.T(lang, "The old address leads to the idea that stays. One click takes the two apart again."))
}

// placedSentence says where an idea or a branch went.
func placedSentence(lang string, n board.Notice) string {
	name := n.Actor.Name
	switch {
	case n.Reason == board.Merged && n.Own:
		return words.T(lang, "%s merged another idea into yours", name)
	case n.Reason == board.Merged:
		return words.T(lang, "%s merged an idea that you wrote, follow or voted for into this one; a vote for it counts here, and you can take it back", name)
	case n.Reason == board.Unmerged && n.Own:
		return words.T(lang, "%s took your idea out of the one it was merged into: it stands by itself again", name)
	case n.Reason == board.Unmerged:
		return words.T(lang, "%s took this idea out of the one it was merged into", name)
	case n.Own && n.Split:
		return words.T(lang, "%s made an idea of your comment", name)
	case n.Own:
		return words.T(lang, "%s moved your idea to the board “%s”", name, n.BoardName)
	}
	return words.T(lang, "%s moved it to the board “%s”", name, n.BoardName)
}
