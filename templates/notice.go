package templates

import (
	"slices"

	"convivio/store/board"
	"convivio/templates/words"
)

// NoticesPage lists what the reader was told: GET /notices, with part=1 only
// Notices. GET /notices/{seq} leads to what one is about. POST /notices/seen: upto.
type NoticesPage struct {
	Page
	NoticesPart
}

// NoticesPart is the list itself, also shown under the bell.
type NoticesPart struct {
	Lang   string
	Key    string // the page's
	Groups []NoticeGroup
	Unseen int
	Upto   int64  // seq of the newest one shown
	More   string // cursor of the next piece, empty at the end
}

// NoticeGroup is what the reader was told of one idea, or of a search they keep.
type NoticeGroup struct {
	Idea      int64
	Saved     int64 // the search; 0: of the idea
	Judged    bool  // decisions of moderators
	Heard     bool  // the reader's reports
	Gone      bool  // ideas out of the reader's sight
	Released  bool  // releases that are ready
	Title     string
	Lang      string
	BoardName string
	Lines     []NoticeLine
}

// NoticeLine is one sentence: a notice, or several of the same kind.
type NoticeLine struct {
	board.Notice // the oldest of them, to begin reading there
	Last         board.Notice
}

// NoticeGroups puts notices, newest first, together by idea, and those that say
// the same of different people into one line.
func NoticeGroups(list []board.Notice) []NoticeGroup {
	var out []NoticeGroup
	for _, n := range list {
		at := slices.IndexFunc(out, func(g NoticeGroup) bool {
			return g.Judged == (n.Decision != 0) && g.Heard == (n.Reason == board.Heard) && g.Gone == (n.Reason == board.OutOfSight) &&
				g.Released == (n.Reason == board.Released) && g.Saved == n.Saved && (g.Idea == n.Idea || n.Saved != 0 || n.Decision != 0 || g.Heard)
		})
		if at < 0 {
			at = len(out)
			g := NoticeGroup{Idea: n.Idea, Title: n.Title, Lang: n.Lang, BoardName: n.BoardName}
			if n.Saved != 0 {
				g = NoticeGroup{Saved: n.Saved, Title: n.Search}
			}
			if n.Decision != 0 {
				g = NoticeGroup{Judged: true}
			}
			g.Gone, g.Heard, g.Released = n.Reason == board.OutOfSight, n.Reason == board.Heard, n.Reason == board.Released
			out = append(out, g)
		}
		out[at].add(n)
	}
	return out
}

func (g *NoticeGroup) add(n board.Notice) {
	for i := range g.Lines {
		l := &g.Lines[i]
		if l.Reason == n.Reason && l.Seen == n.Seen && (n.Reason == board.Moved || n.Reason == board.Heard) {
			return // where it stands now is what counts
		}
		if l.Reason == n.Reason && l.Seen == n.Seen && (n.Reason == board.Replied || n.Reason == board.Commented) {
			others := l.Others + n.Others
			if l.Actor.ID != n.Actor.ID {
				others++
			}
			l.Notice, l.Others = n, others
			return
		}
	}
	g.Lines = append(g.Lines, NoticeLine{n, n})
}

// unseen tells whether anything in the group is.
func (g NoticeGroup) unseen() bool {
	return slices.ContainsFunc(g.Lines, func(l NoticeLine) bool { return !l.Seen })
}

// noticeSentence says what happened.
func noticeSentence(lang string, n board.Notice) string {
	name := n.Actor.Name
	switch n.Reason {
	case board.Mentioned:
		if n.Answer {
			return words.T(lang, "%s mentioned you in the official answer", name)
		}
		return words.T(lang, "%s mentioned you", name)
	case board.Cited:
		return words.T(lang, "%s cited your comment in the official answer", name)
	case board.Replied:
		if n.Others > 0 {
			return words.N(lang, n.Others, "%[2]s and one more person replied to you", "%[2]s and %[1]d more people replied to you", name)
		}
		return words.T(lang, "%s replied to you", name)
	case board.Answered:
		if n.Own {
			return words.T(lang, "%s answered your idea officially", name)
		}
		return words.T(lang, "%s answered officially", name)
	case board.Moved:
		if n.Own {
			return words.T(lang, "%s moved your idea to “%s”", name, words.Called(lang, n.Stage, n.StageName))
		}
		return words.T(lang, "%s moved it to “%s”", name, words.Called(lang, n.Stage, n.StageName))
	case board.Posted:
		return words.T(lang, "%s posted a new idea", name)
	case board.Merged, board.Unmerged, board.Relocated:
		return placedSentence(lang, n)
	case board.Matched:
		return matchedSentence(lang, n)
	case board.Judged:
		return judgedSentence(lang, n)
	case board.OutOfSight:
		return goneSentence(lang, n)
	case board.Commented:
		return commentedSentence(lang, n)
	}
	return dutySentence(lang, n)
}

// dutySentence says what somebody has to do, or came of what they did.
func dutySentence(lang string, n board.Notice) string {
	switch n.Reason {
	case board.Entrusted:
		return words.T(lang, "%s asks you to see to it: the idea says by when", n.Actor.Name)
	case board.Due:
		return words.T(lang, "The day you promised is past: is it done?")
	case board.Heard:
		return words.T(lang, "A moderator looked at what you reported: this came of it")
	case board.Withheld:
		return words.T(lang, "An answer to this idea was not published at its time: look at its draft")
	case board.Late:
		if n.Others > 0 {
			return words.N(lang, n.Others+1, "%d idea on “%s” waits for an answer of yours, which is late", "%d ideas on “%s” wait for an answer of yours, which is late", n.BoardName)
		}
		return words.T(lang, "This idea waits for an answer of yours, which is late")
	case board.Released:
		return words.T(lang, "The release of %s is ready", monthName(lang, n.Month))
	case board.Adrift:
		return words.T(lang, "Who promised this can no longer see to it: give it to somebody else")
	}
	return commentedSentence(lang, n)
}

func matchedSentence(lang string, n board.Notice) string {
	if n.Others > 0 {
		return words.N(lang, n.Others, "“%[2]s” and one more idea match", "“%[2]s” and %[1]d more ideas match", n.Title)
	}
	return words.T(lang, "“%s” matches", n.Title)
}

// place is what the title of a group leads to.
func (g NoticeGroup) place() string {
	if g.Gone {
		return numbered("/notices/", g.Lines[0].Seq, "")
	}
	if g.Released {
		return "/releases"
	}
	if g.Heard {
		return "/reports"
	}
	if g.Judged {
		return "/decisions"
	}
	if g.Saved != 0 {
		return savedPath(g.Saved)
	}
	return ideaPath(g.Idea)
}

func commentedSentence(lang string, n board.Notice) string {
	name := n.Actor.Name
	switch {
	case n.Own && n.Others > 0:
		return words.N(lang, n.Others, "%[2]s and one more person commented on your idea", "%[2]s and %[1]d more people commented on your idea", name)
	case n.Own:
		return words.T(lang, "%s commented on your idea", name)
	case n.Others > 0:
		return words.N(lang, n.Others, "%[2]s and one more person commented", "%[2]s and %[1]d more people commented", name)
	}
	return words.T(lang, "%s commented", name)
}

// atMost99 is a count as a badge shows it.
func atMost99(lang string, n int) string {
	if n > 99 {
		return "99+"
	}
	return words.Number(lang, int64(n))
}

// GonePage says what became of an idea that its reader took part in: GET
// /notices/{seq}/gone. POST /notices/{seq}/unvote takes their vote back.
type GonePage struct {
	Page
	Notice board.Notice
	Voted  bool
	Open   bool // votes there are not closed: it can be taken back
}

func goneSentence(lang string, n board.Notice) string {
	if n.Along {
		return words.T(lang, "Your idea was taken away by a moderator, together with the one it had been merged into")
	}
	return words.T(lang, "An idea that you took part in was moved to where you cannot see it")
}
