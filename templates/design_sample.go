package templates

import (
	"time"

	"convivio/store/board"
	"convivio/templates/words"
)

// What the design page shows: invented, and always the same.

func designDay(days int) time.Time {
	return time.Date(2026, time.March, 2, 9, 30, 0, 0, time.UTC).AddDate(0, 0, days)
}

func ptr[T any](v T) *T { return &v }

var (
	designMarta  = board.Author{ID: 1, Name: "Marta Riva", Team: "Ufficio acquisti"}
	designAneta  = board.Author{ID: 2, Name: "Aneta Kowalczyk", Team: "Software"}
	designPaolo  = board.Author{ID: 3, Name: "Paolo Conti", Team: "Direzione"}
	designLong   = board.Author{ID: 4, Name: "Massimiliano Degli Innocenti-Castelbarco", Team: "Pianificazione della produzione e logistica interna"}
	designFault  = board.FieldFault("email", "Write an e-mail address, such as marta.riva@example.com.")
	designIdea   = board.Idea{ID: 901, Title: "Un carrello con gli attrezzi accanto a ogni linea", Stage: board.Planned, CreatedAt: designDay(0)}
	designPath   = []board.StageChange{{From: board.New, To: board.InReview, At: designDay(4)}, {From: board.InReview, To: board.Planned, At: designDay(20), Reason: "Si comincia dalla linea 2, a maggio.", Owner: &board.Author{ID: 3, Name: "Elena Pasinetti"}, Due: "2026-05-29", Quiet: true}}
	designUnread = board.Comment{ID: 919, Idea: 901, Author: designAneta, HTML: "<p>Da noi la chiave da 13 sparisce il lunedì. Sempre di lunedì.</p>", CreatedAt: designDay(9)}
)

// designDues are ideas that are owed an answer: soon, today, late, and after one that
// is none of the owners'.
var designDues = []board.Idea{
	{ID: 911, Waits: true, DueAt: ptr(designDay(3)), DueDays: 3},
	{ID: 912, Waits: true, DueAt: ptr(designDay(0))},
	{ID: 913, Waits: true, DueAt: ptr(designDay(-2)), Late: true, DueDays: 1},
	{ID: 914, Waits: true, DueAt: ptr(designDay(-9)), Late: true, DueDays: 7, Answers: 1},
}

var designPeople = []board.Person{
	{ID: 1, Name: "Marta Riva", Handle: "marta.riva", Kind: board.Employee, Team: "Ufficio acquisti", Site: "Bergamo"},
	{ID: 3, Name: "Paolo Conti", Handle: "paolo.conti", Kind: board.Employee, Team: "Direzione", Site: "Bergamo", Roles: []board.Role{board.Moderator, board.HR}},
	{ID: 5, Name: "Jonas Weber", Handle: "jonas.weber", Kind: board.Guest, Site: "Linz"},
}

func designVotes(p Page) []VotePart {
	var out []VotePart
	for i, idea := range []board.Idea{{Votes: 0}, {Votes: 27, Voted: true}, {Votes: 12345}, {Votes: 41, Stage: board.Done}} {
		idea.ID = int64(990 + i)
		if idea.Stage == "" {
			idea.Stage = board.New
		}
		out = append(out, VotePart{p.Lang, idea, p.Key})
	}
	return out
}

func designRows(lang string) []IdeaRowPart {
	rows := []board.Idea{
		{Title: "Un carrello con gli attrezzi accanto a ogni linea", Excerpt: "Ogni cambio turno si cercano le stesse sei chiavi: venti minuti in due, ho contato per una settimana.", Author: designMarta, Stage: board.New, Votes: 3, Comments: 1},
		{Title: "Una sola bacheca per i turni", Excerpt: "Oggi sono tre, e la terza la legge solo chi passa dalla mensa.", Author: designPaolo, Stage: board.Planned, Votes: 128, Comments: 42, Answers: 1, New: 5},
		{Title: "Drop the weekly status call", Excerpt: "Everybody reads their own slide aloud.", Lang: "en", Author: designAneta, Stage: board.Declined, Votes: 1, Answers: 2},
		{Title: "Unmessaggiocosìlungochenonhaneancheunospazioperandareacapodanessunaparte e poi continua con parole normali fino alla seconda riga", Author: designLong, Stage: board.InReview, Votes: 12345, Comments: 1234, New: 120},
	}
	out := make([]IdeaRowPart, len(rows))
	for i, idea := range rows {
		idea.ID, idea.CreatedAt, idea.BoardName = int64(930+i), designDay(i), "Officina e macchine"
		out[i] = IdeaRowPart{Lang: lang, Idea: idea, Board: i%2 == 0, Bare: true}
	}
	return out
}

var designHits = []board.Hit{
	{Idea: 901, Title: "Un carrello con gli attrezzi accanto a ogni linea", Snippet: "si cercano le stesse sei <mark>chiavi</mark>: venti minuti in due", Where: board.InText, BoardName: "Officina e macchine", Author: designMarta, Stage: board.Planned, Votes: 27, At: designDay(0)},
	{Idea: 903, Title: "Chiavi appese a una parete", Headline: "<mark>Chiavi</mark> appese a una parete", Snippet: "<mark>Chiavi</mark> appese a una parete · Con la sagoma di ognuna dipinta dietro.", Where: board.InTitle, BoardName: "Officina e macchine", Author: designLong, Stage: board.InReview, Votes: 12345, At: designDay(2)},
	{Idea: 902, Comment: ptr[int64](919), Title: "Una sola bacheca per i turni", Snippet: "la <mark>chiave</mark> da 13 sparisce il lunedì", Where: board.InComment, BoardName: "Lavoro e spazi", Author: designAneta, Stage: board.New, Votes: 1, At: designDay(9)},
}

// designFound is a search with all that may stand around its results.
func designFound(p Page) SearchPart {
	hits := append([]board.Hit{}, designHits...)
	hits[0].Others, hits[0].Answered, hits[2].Partial = 3, true, true
	return SearchPart{Lang: p.Lang, Key: p.Key, Query: board.Query{Q: "chiavvi", Stage: board.Planned}, Found: board.Found{
		Total: 1000, AtLeast: true, Corrected: "chiavi", TookUS: 1800, Hits: hits, Facets: board.Facets{
			Stages: []board.Facet{{Value: string(board.Planned), Count: 14}},
			Years:  []board.Facet{{Value: "2026", Count: 9}, {Value: "2025", Count: 5}}}}}
}

// designWordings is how an idea's text came to be: the last edit changed its tags alone.
var designWordings = VersionsPage{
	Now: board.Version{Title: "Un carrello con gli attrezzi accanto a ogni linea", Body: "Ogni cambio turno si cercano le stesse sei chiavi: venti minuti in due, ho contato per una settimana."},
	Versions: []board.Version{
		{Title: "Un carrello per gli attrezzi accanto a ogni linea", Body: "Ogni cambio turno si cercano le stesse chiavi: mezz’ora in due.", At: designDay(3)},
		{Title: "Un carrello per gli attrezzi accanto a ogni linea", Body: "Ogni cambio turno si cercano le stesse chiavi: mezz’ora in due.", At: designDay(2)},
	},
}

var designAbove = []board.Comment{designThread[0], designThread[1], designThread[2], designThread[3], designThread[4], designUnread}

var designDeep = board.Comment{ID: 920, Author: designMarta, HTML: "<p>È scritto sul coperchio, ma di notte non si legge.</p>", CreatedAt: designDay(9), ParentID: ptr[int64](919), ReplyTo: "Aneta Kowalczyk", Depth: 7}

var designThread = []board.Comment{
	{ID: 911, Author: designMarta, HTML: "<p>Ho provato con una cassetta sola, sulla linea 2. In tre settimane non abbiamo più cercato niente.</p>", CreatedAt: designDay(1), Cited: true,
		Reactions: []board.ReactionCount{{Kind: board.Agree, Count: 12}, {Kind: board.Thanks, Count: 3}, {Kind: board.Insight, Count: 1}, {Kind: board.Cheer, Count: 120}, {Kind: board.Puzzled, Count: 1}}},
	{ID: 912, Author: designAneta, HTML: "<p>E chi la rimette a posto?</p>", CreatedAt: designDay(2), EditedAt: ptr(designDay(3)), ParentID: ptr[int64](911), ReplyTo: "Marta Riva", Depth: 1},
	{ID: 913, ParentID: ptr[int64](912), Depth: 2, Deleted: true, CreatedAt: designDay(3)},
	{ID: 914, Author: designLong, HTML: "<p>Chi finisce il turno. È scritto sul coperchio.</p>", CreatedAt: designDay(4), ParentID: ptr[int64](913), Depth: 3},
	{ID: 915, Author: designPaolo, HTML: "<p>Allora la proviamo dappertutto.</p>", CreatedAt: designDay(5)},
}

var designBranches = []Branch{{Replies: 3, People: 2}, {Replies: 2, People: 1, Folded: true}, {Replies: 1, People: 1}, {}, {}}

var designAnswers = []board.Answer{
	{ID: 921, Idea: 901, Author: designPaolo, HTML: "<p>Prima contiamo quanto tempo si perde davvero.</p>", CreatedAt: designDay(4)},
	{ID: 922, Idea: 901, Author: designPaolo, HTML: "<p>Si fa: <strong>otto carrelli</strong>, a partire dalla linea 2, entro maggio. Se ne occupa Marta Riva.</p>", Cites: []int64{911}, Cited: []board.Author{designMarta}, CreatedAt: designDay(20),
		Reactions: []board.ReactionCount{{Kind: board.Cheer, Count: 9}}},
}

var designMarks = []board.Landmark{
	{ID: 911, Author: designMarta, At: designDay(1), Cited: true},
	{ID: 915, Author: designPaolo, At: designDay(5)},
}

var designNotices = []NoticeGroup{
	{Idea: 901, Title: "Un carrello con gli attrezzi accanto a ogni linea", Lang: "it", BoardName: "Officina e macchine", Lines: []NoticeLine{
		designNotice(board.Notice{Reason: board.Answered, Actor: designPaolo, Own: true, Excerpt: "Si fa: otto carrelli, a partire dalla linea 2…"}),
		designNotice(board.Notice{Reason: board.Replied, Actor: designAneta, Others: 2, Excerpt: "E chi la rimette a posto?"}),
		designNotice(board.Notice{Reason: board.Mentioned, Actor: designMarta, Seen: true, Excerpt: "Chiedo a @paolo.conti."}),
		designNotice(board.Notice{Reason: board.Cited, Actor: designPaolo, Seen: true}),
		designNotice(board.Notice{Reason: board.Moved, Actor: designPaolo, Stage: board.Planned, Own: true, Seen: true}),
	}},
}

func designNotice(n board.Notice) NoticeLine {
	n.Seq, n.Idea, n.At = 900, 901, designDay(20)
	return NoticeLine{n, n}
}

const designText = `<h3>Che cosa cambia</h3><p>Un <strong>carrello</strong> per linea, con <em>le stesse</em> sei chiavi e un <a href="/design">elenco</a> sul coperchio; il codice è <code>CAR-02</code>.</p>
<ul><li>una chiave da 13</li><li>due brugole<ul><li>da 4</li></ul></li></ul><ol><li>prima</li><li>poi</li></ol>
<blockquote><p>Sempre di lunedì.</p></blockquote><pre><code>linea 2: 20 min
linea 3: 35 min, una riga che continua a lungo perché qualcuno incolla sempre un registro intero</code></pre>
<table><thead><tr><th>Linea</th><th>Minuti</th></tr></thead><tbody><tr><td>2</td><td>20</td></tr><tr><td>3</td><td>35</td></tr></tbody></table><hr><p>Fine.</p>`

func designStages(lang string) (out []choice) {
	for _, s := range board.Stages {
		out = append(out, choice{string(s), words.Stage(lang, s)})
	}
	return out
}
