package words

import "convivio/store/board"

// Explained is what a measure is called, and what it means: pages and the data
// dictionary of exports say the same.
type Explained struct {
	Title       string
	Formula     string
	Denominator string // empty for numbers of acts
	Window      string // which time it is about
	Meaning     string
}

// Measure explains a measure.
func Measure(lang string, m board.Measure) Explained {
	month := T(lang, "The calendar month, as it stood three days after its end.")
	for _, explain := range []func(lang, month string, m board.Measure) Explained{talk, answers} {
		if x := explain(lang, month, m); x.Title != "" {
			return x
		}
	}
	return Explained{Title: string(m)}
}

// talk explains the measures of who takes part, and how it goes among them.
func talk(lang, month string, m board.Measure) (x Explained) {
	switch m {
	case board.Entitled:
		return Explained{T(lang, "People"), T(lang, "Number of people who could sign in and see the board."), "", T(lang, "At the end of the month, to the nearest five; also those who left the figures."), T(lang, "How many could have taken part: what shares of people are shares of.")}
	case board.Contributors:
		return Explained{T(lang, "People who contribute"), T(lang, "People who posted an idea, commented or voted at least once, divided by those who could."), T(lang, "People who could sign in and see the board at the end of the month, without those who left the figures."), month, T(lang, "Whether people find it worth their while to speak up. It says nothing of how much anyone says.")}
	case board.IdeasPosted:
		return Explained{T(lang, "measure|Ideas"), T(lang, "Number of ideas posted on open boards and not deleted. Those on private boards stand under private boards alone."), "", month, T(lang, "What comes up to be listened to.")}
	case board.CommentsMade:
		return Explained{T(lang, "measure|Comments"), T(lang, "Number of comments written on open boards and not deleted. Those on private boards stand under private boards alone."), "", month, T(lang, "How much is talked over.")}
	case board.VotesCast:
		return Explained{T(lang, "measure|Votes"), T(lang, "Number of votes given on open boards and not taken back. Those on private boards stand under private boards alone."), "", month, T(lang, "How much support is expressed.")}
	case board.SearchMissed:
		return Explained{T(lang, "Searches that led nowhere"), T(lang, "Searches that found nothing, or of which nobody opened a result within ten minutes, divided by all."), T(lang, "Searches of the month of at most six words, without numbers and addresses, by people who did not leave the figures."), month, T(lang, "Whether people find what they look for: what they do not find, somebody could write.")}
	case board.Reported:
		return Explained{T(lang, "Reports for a thousand posts"), T(lang, "Reports of ideas and comments, for a thousand ideas and comments posted."), T(lang, "Ideas and comments of the month."), month, T(lang, "Whether people treat each other well, and say so when not.")}
	case board.AppealsUpheld:
		return Explained{T(lang, "Appeals that were right"), T(lang, "Appeals after which a moderator's decision was taken back, divided by all that were decided."), T(lang, "Appeals decided in the month."), month, T(lang, "Whether moderation errs, and mends it.")}
	case board.CommunityTies:
		return Explained{T(lang, "Community health"), T(lang, "People who contributed in the month, divided by those who did in the twelve months up to its end. Not before there were twelve."), T(lang, "People who contributed in the last twelve months."), T(lang, "The month, and the twelve months that end with it."), T(lang, "Whether people come back.")}
	case board.Concentration:
		return Explained{T(lang, "Comments by the most active tenth"), T(lang, "Comments of the tenth of commenters who wrote most, divided by all. From fifty commenters on."), T(lang, "Comments of the month."), month, T(lang, "Whether few speak for all: the lower, the better.")}
	case board.Adoption:
		return Explained{T(lang, "People who have joined in"), T(lang, "People who have contributed at least once since they came, divided by those who could."), T(lang, "People who could sign in at the end of the month."), T(lang, "Everything up to the end of the month."), T(lang, "How far the conversation has come, from those who were invited to those who contribute.")}
	case board.Newcomers:
		return Explained{T(lang, "People who join in for the first time"), T(lang, "People whose first idea, comment or vote is of the month, divided by those who could and had not contributed before."), T(lang, "People who could sign in at the end of the month and had never contributed before it."), month, T(lang, "Whether the conversation goes on from those who were early to everyone: a figure of nought while many have not joined in says that it stays among the same.")}
	}
	return x
}

// answers explains the measures of what becomes of ideas.
func answers(lang, month string, m board.Measure) (x Explained) {
	switch m {
	case board.AnsweredDue:
		return Explained{T(lang, "Answered in time"), T(lang, "Ideas that an owner answered in writing before they were due, divided by those that fell due."), T(lang, "Ideas whose answer fell due in the month, without those that were parked, withdrawn or merged and owe none."), T(lang, "Ideas by the day their answer was due."), T(lang, "Whether the company keeps its word to answer.")}
	case board.AnsweredHour:
		return Explained{T(lang, "Heard within an hour"), T(lang, "Ideas that anybody else commented on or answered within one hour of the clock, divided by all."), T(lang, "Ideas posted in the month, without those withdrawn or merged into another one."), month, T(lang, "How alive the conversation is.")}
	case board.FirstMedian:
		return Explained{T(lang, "First answer, median"), T(lang, "Working hours until an owner’s first written answer that half of the ideas waited at most (Kaplan and Meier: what still waits counts with the time it has waited)."), T(lang, "Ideas posted in the month, without those withdrawn or merged into another one."), month, T(lang, "How long people wait to hear.")}
	case board.FirstMost:
		return Explained{T(lang, "First answer, nine of ten"), T(lang, "Working hours that nine of ten ideas waited at most; what still waits counts with the time it has waited."), T(lang, "Ideas posted in the month, without those withdrawn or merged into another one."), month, T(lang, "How long the patient ones wait.")}
	case board.Decided30:
		return Explained{T(lang, "Decided within 30 days"), T(lang, "Ideas that were planned, taken up, done, declined, parked or merged within 30 days, divided by all."), T(lang, "Ideas posted in the month before."), T(lang, "A month, so that each idea had its thirty days."), T(lang, "Whether ideas come to a decision.")}
	case board.Decided60:
		return Explained{T(lang, "Decided within 60 days"), T(lang, "The same within 60 days."), T(lang, "Ideas posted two months before."), T(lang, "A month, so that each idea had its sixty days."), T(lang, "Whether ideas come to a decision.")}
	case board.Decided90:
		return Explained{T(lang, "Decided within 90 days"), T(lang, "The same within 90 days."), T(lang, "Ideas posted three months before."), T(lang, "A month, so that each idea had its ninety days."), T(lang, "Whether ideas come to a decision.")}
	case board.Conversations:
		return Explained{T(lang, "Ideas that became a conversation"), T(lang, "Ideas on which at least three people wrote and somebody replied to a reply, divided by all."), T(lang, "Ideas posted in the month, without those withdrawn or merged into another one."), month, T(lang, "Whether people talk with each other or past each other.")}
	case board.Across:
		return Explained{T(lang, "Talk across teams"), T(lang, "Replies to somebody of another team, divided by all replies."), T(lang, "Replies of people with a team to people with a team."), month, T(lang, "Whether ideas travel between teams.")}
	case board.Breadths:
		return Explained{T(lang, "Ideas with broad support"), T(lang, "Ideas whose voters come from at least three teams, divided by all with at least five voters who have a team."), T(lang, "Ideas that got a vote in the month and had at least five voters with a team at its end."), T(lang, "Votes up to the end of the month, on ideas that got one in it; teams as they were then."), T(lang, "Whether what people support matters beyond one team.")}
	case board.CreditGiven:
		return Explained{T(lang, "Answers that credit a comment"), T(lang, "Official answers that cite at least one comment, divided by all."), T(lang, "Official answers given in the month."), month, T(lang, "Whether decisions change because of what people say.")}
	case board.PlannedDone:
		return Explained{T(lang, "Planned ideas that were done"), T(lang, "Ideas that were planned in the twelve months up to the end and are done, divided by all that were planned in them. Not before there were twelve."), T(lang, "Ideas planned in the last twelve months."), T(lang, "The twelve months that end with the month."), T(lang, "Whether plans become something.")}
	case board.PromisesKept:
		return Explained{T(lang, "Promises kept"), T(lang, "Promises that were kept on or before their day, divided by those whose day came."), T(lang, "Promises due in the month that were not taken back."), T(lang, "Promises by the day they were due."), T(lang, "Whether the company does what it says, when it says.")}
	case board.OutcomeStated:
		return Explained{T(lang, "Done, with an outcome"), T(lang, "Ideas done that say how one knows what changed, divided by all done."), T(lang, "Ideas done in the month."), month, T(lang, "Whether anybody looks what came of it.")}
	}
	return x
}

// Rung names a step of the ladder, with what it asks.
func Rung(lang string, r board.Rung) (name, asks string) {
	switch r {
	case board.Listen:
		return T(lang, "rung|Listen"), T(lang, "Do people speak up?")
	case board.Respond:
		return T(lang, "rung|Respond"), T(lang, "Do they get an answer, and in time?")
	case board.Amplify:
		return T(lang, "rung|Amplify"), T(lang, "Do good ideas travel?")
	case board.Lead:
		return T(lang, "rung|Lead"), T(lang, "Does what was promised happen?")
	case board.Health:
		return T(lang, "rung|Health"), T(lang, "Is the conversation in good shape?")
	}
	return string(r), ""
}

// Dimension names what figures are broken down by.
func Dimension(lang string, d board.Dimension) string {
	switch d {
	case board.ByTeam:
		return T(lang, "dimension|Team")
	case board.BySite:
		return T(lang, "dimension|Site")
	case board.ByBoard:
		return T(lang, "dimension|Board")
	}
	return T(lang, "dimension|Company")
}

// Unit is what a line of a breakdown is called.
func Unit(lang string, f board.Figure) string {
	switch {
	case f.By == board.ByCompany:
		return Dimension(lang, board.ByCompany)
	case f.Others > 0 && f.By == board.ByTeam:
		return N(lang, f.Others, "Others (%d team)", "Others (%d teams)")
	case f.Others > 0 && f.By == board.BySite:
		return N(lang, f.Others, "Others (%d site)", "Others (%d sites)")
	case f.Others > 0:
		return N(lang, f.Others, "Private boards (%d)", "Private boards (%d)")
	case f.Unit == "" && f.By == board.ByTeam:
		return T(lang, "Without a team")
	case f.Unit == "":
		return T(lang, "Without a site")
	}
	return f.Unit
}

// FigureState says how a figure is shown.
func FigureState(lang string, s board.FigureState) string {
	switch s {
	case board.FigureExact:
		return T(lang, "shown")
	case board.FigureFew:
		return T(lang, "fewer than %d", board.LeastGroup)
	case board.FigureNearlyAll:
		return T(lang, "all, or all but a few")
	case board.FigureNone:
		return T(lang, "nothing to measure")
	}
	return T(lang, "protected")
}
