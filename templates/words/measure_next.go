package words

import "convivio/store/board"

// Next says what one can do about a measure, beside what it means: always about how
// the company answers and leads, never about anybody in particular. Empty where there is
// nothing to do.
func Next(lang string, m board.Measure) string {
	if s := nextOfTalk(lang, m); s != "" {
		return s
	}
	return nextOfAnswers(lang, m)
}

// nextOfTalk is Next for the measures of who takes part, and how it goes among them.
func nextOfTalk(lang string, m board.Measure) string {
	switch m {
	case board.Contributors:
		return T(lang, "If it falls, look at the answers first: people stop writing where nothing comes back.")
	case board.SearchMissed:
		return T(lang, "If it grows, have somebody write what is looked for and not found.")
	case board.CommunityTies:
		return T(lang, "If it falls, people tried it and did not come back: see whether they were answered.")
	case board.Concentration:
		return T(lang, "If it grows, ask questions that those can answer who have not spoken yet.")
	case board.Adoption:
		return T(lang, "If it stands still, show in a meeting an idea that came true.")
	case board.Newcomers:
		return T(lang, "If nobody new joins in, invite people by a question on something they know well.")
	case board.Reported:
		return T(lang, "If it grows, go through the house rules together.")
	case board.AppealsUpheld:
		return T(lang, "If it is high, moderators do well to talk over their rules.")
	case board.Conversations:
		return T(lang, "If it falls, ask back under an idea: threads begin with a question.")
	case board.Across:
		return T(lang, "If it falls, bring ideas to boards that several teams read.")
	case board.Breadths:
		return T(lang, "If it falls, show ideas to the other teams they would help.")
	case board.CreditGiven:
		return T(lang, "If it falls, cite in the answer the comments that changed the decision: people see that it was worth writing.")
	}
	return ""
}

// nextOfAnswers is Next for the measures of what becomes of ideas.
func nextOfAnswers(lang string, m board.Measure) string {
	switch m {
	case board.AnsweredDue:
		return T(lang, "If it falls, see which boards wait, and whether enough people answer there.")
	case board.AnsweredHour:
		return T(lang, "It grows where people know that somebody looks after a board.")
	case board.FirstMedian:
		return T(lang, "If it grows, begin with a short word: “we are looking into it” is an answer too.")
	case board.FirstMost:
		return T(lang, "If it grows, begin with the ideas that have waited longest: a few forgotten ones are enough for it.")
	case board.Decided30, board.Decided60, board.Decided90:
		return T(lang, "If it falls, decide: a no with its reason is a decision too.")
	case board.PlannedDone:
		return T(lang, "If it falls, plan less and finish more, or say why a plan was given up.")
	case board.PromisesKept:
		return T(lang, "If it falls, promise later days, or say in time that one will not hold.")
	case board.OutcomeStated:
		return T(lang, "If it falls, ask when an idea is done how one will know what changed.")
	}
	return ""
}
