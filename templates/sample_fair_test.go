package templates

import (
	"strconv"

	"github.com/a-h/templ"

	"convivio/store/board"
	"convivio/templates/law"
)

// sampleDecision is a decision with all that one can have.
func sampleDecision(id int64, a board.Action, g board.Ground) board.Decision {
	who := board.Author{ID: 3, Name: hostile, Team: hostile}
	return board.Decision{ID: id, Item: 7, Kind: board.ReportItem, Action: a, Ground: g, Note: hostile, Board: "lavoro-e-spazi", Idea: 12, Comment: 101, Title: hostile,
		Person: marta, Moderator: who, At: day, Until: at(day), Kept: true, Undoable: true}
}

// sampleItems has one thing to look at of each kind, with everything that can be decided.
func sampleItems() (out []board.ReviewItem) {
	for i, kind := range board.ReviewKinds {
		out = append(out, board.ReviewItem{ID: int64(20 + i), Kind: kind, Version: 4, Board: "lavoro-e-spazi", BoardName: hostile, Idea: 12, Comment: int64(i % 2 * 101), Subject: 9, Title: hostile, Other: hostile, Excerpt: hostile,
			Body: hostile, HTML: "<p>text</p>", Lang: "it", Person: marta, At: day, DueAt: day, Overdue: i == 0, Reporters: 6, Grounds: []board.GroundSum{{Ground: board.OffTopic, Count: 5}, {Ground: board.Illegal, Count: 1}},
			Notes: []board.ReportNote{{Ground: board.Duplicate, Note: hostile, Other: 13, Title: hostile}}, Trust: board.Trust{Right: 3, Of: 4}, Earlier: 2, Warnings: 1, Claimed: marta, Mine: i == 1, Entrusted: marta, Handed: hostile,
			Rule: &board.Rule{ID: 1, Kind: board.WordRule, Words: hostile}, Against: board.Hide, Actions: board.Actions})
	}
	return append(out, board.ReviewItem{ID: 40, Kind: board.ReportItem, Sealed: true, Officer: true, Gone: true, At: day, DueAt: day}, board.ReviewItem{ID: 41, Kind: board.ReportItem, Closed: true, Locked: true, At: day, DueAt: day})
}

func sampleJudgement() board.Judgement {
	return board.Judgement{ID: 5, Kind: board.ReportItem, Action: board.Hide, Ground: board.Disrespect, Note: hostile, Board: "lavoro-e-spazi", BoardName: hostile, Idea: 12, Comment: 101, IdeaTitle: hostile, Title: hostile, Body: hostile, HTML: "<p>text</p>", Lang: "it",
		Rule: &board.Rule{Kind: board.LinkRule, Words: "example.it"}, At: day, Until: at(day), Concerns: true, AppealBy: at(day), Author: marta, Sealed: true, Aside: true}
}

// fairSamples renders the pages of moderation, of what is kept, and of moving conversations.
func fairSamples(lang string) map[string]templ.Component {
	in, out := page(lang), outside(lang)
	idea, other := sampleIdea(12), sampleIdea(13)
	comment := lineOf(4)[3]
	circle := board.Circle{Count: 12, Guests: 2, Names: []string{hostile, "Anna Gatti"}, Sign: "sign"}
	rule := board.Rule{ID: 1, Kind: board.WordRule, Words: hostile, BoardName: hostile, Board: "lavoro-e-spazi", AddedAt: day}
	held := board.Held{ID: 8, Board: "lavoro-e-spazi", BoardName: hostile, Author: marta, Title: hostile, Body: hostile, HTML: "<p>text</p>", Lang: "it", Tags: []string{"c++"}, State: board.HeldWaiting, Rule: &rule, CreatedAt: day, EditedAt: at(day)}
	remark := board.Held{ID: 9, Board: "lavoro-e-spazi", BoardName: hostile, Idea: 12, IdeaTitle: hostile, ParentID: at(int64(101)), Author: marta, Body: hostile, HTML: "<p>text</p>", State: board.HeldRefused, CreatedAt: day, Posted: 103}
	j, judged := sampleJudgement(), sampleJudgement()
	judged.Concerns, judged.AppealBy, judged.Appeal, judged.OverturnedAt = false, nil, &board.Appeal{ID: 2, Decision: 5, Body: hostile, At: day, DecidedAt: at(day), Overturned: true, Note: hostile, Alone: true}, at(day)
	asked := j
	asked.Appeal = &board.Appeal{ID: 2, Decision: 5, Body: hostile, At: day, May: true}
	var decisions []board.Decision
	for i, a := range board.Actions {
		decisions = append(decisions, sampleDecision(int64(50+i), a, board.Grounds[i%len(board.Grounds)]))
	}
	sealed := board.Sealed{Value: hostile, Salt: "salt", Sum: "sum"}
	var acts []board.AuditEntry
	for i, o := range board.Outcomes {
		acts = append(acts, board.AuditEntry{Seq: int64(i + 1), At: day, Act: board.RolesChangedAct, Outcome: o, Actor: int64(i), Roles: "admin", Means: "token:7", Request: "abc", Board: 1, Idea: 12, Comment: 101, Person: 2,
			Name: sealed, Address: sealed, Target: sealed, Before: board.Sealed{Value: `["hr"]`}, After: board.Sealed{Value: `["hr","moderator"]`}, Note: sealed, Prev: "00", Hash: "11"})
	}
	form := RuleForm{Action: board.Warn, Ground: board.Illegal, Note: hostile, Until: "2026-12-01", Title: hostile, Body: hostile, Into: hostile, Items: []string{"20"}, Fault: fault("note")}
	made := map[string]templ.Component{
		"reviews": Reviews(ReviewsPage{Page: in, Items: sampleItems(), Counts: board.ReviewCounts{board.ReportItem: 3, board.HeldItem: 1}, Late: 5, More: "next", Form: form,
			Results: []ReviewResult{{20, "50", decisions[1]}, {21, "stale", board.Decision{}}, {22, "failed", board.Decision{}}}}),
		"reviews-late":    Reviews(ReviewsPage{Page: in, Kind: board.LateItem, Board: "lavoro-e-spazi", Ideas: []board.Idea{idea, other}}),
		"reviews-none":    Reviews(ReviewsPage{Page: in}),
		"decisions":       Decisions(DecisionsPage{Page: in, Items: decisions, Board: "lavoro-e-spazi", More: "next"}),
		"decisions-none":  Decisions(DecisionsPage{Page: in}),
		"judgements":      Judgements(JudgementsPage{in, []board.Judgement{j, judged, asked}, []board.Sanction{{ID: 1, Kind: board.Silenced, BoardName: hostile, Board: "x", At: day, EndsAt: day, Decision: 5}, {ID: 2, Kind: board.Suspension, At: day, EndsAt: day}}}),
		"judgements-none": Judgements(JudgementsPage{Page: in}),
		"judgement":       Judgement(JudgementPage{in, j, "/decisions/5/appeal", hostile, fault("body")}),
		"judgement-over":  Judgement(JudgementPage{Page: in, Judgement: judged}),
		"appeal-review":   AppealReview(AppealReviewPage{in, asked, hostile, fault("note")}),
		"appeal-over":     AppealReview(AppealReviewPage{Page: in, Judgement: judged}),
		"suspended":       Suspended(SuspendedPage{Page: out, Token: "token", Until: day, Judgement: j, Body: hostile, Fault: fault("body")}),
		"suspended-gone":  Suspended(SuspendedPage{Page: out, Gone: true}),
		"suspended-over":  Suspended(SuspendedPage{Page: out, Over: true}),
		"held-posts":      HeldPosts(HeldPostsPage{in, []board.Held{held, remark}}),
		"held-none":       HeldPosts(HeldPostsPage{Page: in}),
		"held":            Held(HeldPage{in, held, &IdeaForm{Title: hostile, Body: hostile, Tags: hostile, Fault: fault("title")}}),
		"held-refused":    Held(HeldPage{Page: in, Held: remark}),
		"held-review":     HeldReview(HeldReviewPage{in, held, board.OffTopic, hostile, true, fault("note")}),
		"house-rules":     HouseRules(HouseRulesPage{in, board.HouseRules{Lang: lang, HTML: "<p>text</p>", ChangedAt: at(day)}}),
		"house-form":      HouseFormShown(HouseFormPage{in, []HouseForm{{"en", hostile, true, fault("body")}, {"it", hostile, false, nil}}}),
		"ledger": Ledger(LedgerPage{in, board.Ledger{Board: "lavoro-e-spazi", Hours: 9, Since: day, Until: day, Appeals: &board.AppealCount{Decided: 9, Overturned: 2}, Months: []board.LedgerMonth{{Month: day}, {Month: day, Total: 12,
			Actions: []board.LedgerCount{{What: string(board.Hide), Count: 6}, {What: board.OtherCount, Count: 2}}, Grounds: []board.LedgerCount{{What: string(board.OffTopic), Count: 12}}}}}}),
		"ledger-none": Ledger(LedgerPage{Page: in}),
		"rules": Rules(RulesPage{in, []board.Rule{rule, {ID: 2, Kind: board.LinkRule}, {ID: 3, Kind: board.LinkRule, Words: "example.it"}}, board.FirstPosts{Employees: 1, Guests: 3}, fault("guests"),
			NewRuleForm{Kind: board.LinkRule, Words: hostile, Example: hostile, Tried: true, Catches: []board.Catch{{Rule: rule, Found: hostile}}, Fault: fault("words")}}),
		"rules-none":   Rules(RulesPage{Page: in, Form: NewRuleForm{Tried: true}}),
		"report":       Report(ReportPage{in, idea, &comment, ReportForm{board.Duplicate, hostile, hostile, true, fault("ground")}}),
		"report-idea":  Report(ReportPage{Page: in, Idea: idea}),
		"reports":      Reports(ReportsPage{in, []board.Report{{ID: 1, Idea: 12, Comment: 101, Title: hostile, Ground: board.Duplicate, Other: 13, Note: hostile, At: day}, {ID: 2, Idea: 12, Ground: board.Illegal, At: day, Outcome: board.WasRight, Closed: at(day)}, {ID: 3, Idea: 12, At: day, Outcome: board.NothingDone, Closed: at(day)}}}),
		"reports-none": Reports(ReportsPage{Page: in}),
		"merge":        Merge(MergePage{Page: in, Idea: idea, Query: hostile, Found: []board.Hit{{Idea: 13, Title: hostile, BoardName: hostile, Author: marta, Votes: 2, At: day}}, Fault: fault("into")}),
		"merge-chosen": Merge(MergePage{Page: in, Idea: idea, Merging: &board.Merging{From: idea, Into: other, Votes: 1300, Both: 4, Frozen: true, Comments: 3, Answers: 1, Carried: 2, Gain: circle, Lose: circle}, Reason: hostile, Fault: fault("reason")}),
		"relocate":     Relocate(RelocatePage{Page: in, Idea: idea, Choices: in.Boards, Fault: fault("board")}),
		"relocate-to":  Relocate(RelocatePage{Page: in, Idea: idea, Choices: in.Boards, Relocating: &board.Relocating{Idea: idea, Board: in.Boards[1], Gain: circle, Lose: circle}, Reason: hostile, Fault: fault("reason")}),
		"split":        Split(SplitPage{in, idea, comment, hostile, fault("title")}),
		"audit":        Audit(AuditPage{in, board.Audit{Items: acts, Next: "next", Head: board.AuditHead{Seq: 3, Hash: "11"}}, map[string]string{"q": hostile}, fault("from"), &board.AuditHead{Seq: 9, Hash: "22"}}),
		"audit-none":   Audit(AuditPage{Page: in}),
		"offline":      Offline(OfflinePage{out}),
		"similar":      SimilarIdeas(SimilarPage{Page: in, Idea: idea, Similar: []board.Hit{{Idea: 13, Title: hostile, Author: marta, Votes: 2, At: day}}}),
		"similar-none": SimilarIdeas(SimilarPage{Page: in, Idea: idea}),
	}
	for i, item := range sampleItems() {
		made["review-"+strconv.Itoa(i)] = Review(ReviewPage{in, item, []board.Author{marta}, decisions, form})
	}
	for _, name := range law.Names {
		made["privacy-"+string(name)] = Privacy(PrivacyPage{in, law.Write(name, lang, law.Usual), law.Names, true})
	}
	return made
}
