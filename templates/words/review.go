package words

import "convivio/store/board"

// Ground names why something is reported or decided.
func Ground(lang string, g board.Ground) string {
	switch g {
	case board.OffTopic:
		return T(lang, "ground|Off topic")
	case board.PersonalData:
		return T(lang, "ground|Personal or confidential data")
	case board.Disrespect:
		return T(lang, "ground|Disrespect or harassment")
	case board.Duplicate:
		return T(lang, "ground|Duplicate")
	case board.Advertising:
		return T(lang, "ground|Advertising")
	case board.Illegal:
		return T(lang, "ground|Illegal, or a danger to somebody")
	case board.OtherGround:
		return T(lang, "ground|Something else")
	}
	return string(g)
}

// Action names what a moderator can do, as a button says it.
func Action(lang string, a board.Action) string {
	switch a {
	case board.Keep:
		return T(lang, "action|Keep")
	case board.Hide:
		return T(lang, "action|Hide")
	case board.EditWords:
		return T(lang, "action|Edit")
	case board.Delete:
		return T(lang, "action|Delete")
	case board.Relocate:
		return T(lang, "action|Move to another board")
	case board.MergeInto:
		return T(lang, "action|Merge into another idea")
	case board.Lock:
		return T(lang, "action|Lock the idea")
	case board.Slow:
		return T(lang, "action|Slow the thread down")
	case board.Warn:
		return T(lang, "action|Warn the author")
	case board.Silence:
		return T(lang, "action|Silence the author")
	case board.Suspend:
		return T(lang, "action|Suspend the author")
	}
	return otherAction(lang, a)
}

func otherAction(lang string, a board.Action) string {
	switch a {
	case board.Approve:
		return T(lang, "action|Let it through")
	case board.Reject:
		return T(lang, "action|Refuse it")
	case board.Uphold:
		return T(lang, "action|The decision stands")
	case board.Overturn:
		return T(lang, "action|Overturn the decision")
	case board.HandOver:
		return T(lang, "action|Hand over")
	}
	return string(a)
}

// Done says what a moderator did.
func Done(lang string, a board.Action) string {
	switch a {
	case board.Keep:
		return T(lang, "done|kept")
	case board.Hide:
		return T(lang, "done|hidden")
	case board.EditWords:
		return T(lang, "done|edited")
	case board.Delete:
		return T(lang, "done|deleted")
	case board.Relocate:
		return T(lang, "done|moved to another board")
	case board.MergeInto:
		return T(lang, "done|merged into another idea")
	case board.Lock:
		return T(lang, "done|locked")
	case board.Slow:
		return T(lang, "done|slowed down")
	case board.Warn:
		return T(lang, "done|author warned")
	case board.Silence:
		return T(lang, "done|author silenced")
	case board.Suspend:
		return T(lang, "done|author suspended")
	}
	return otherDone(lang, a)
}

func otherDone(lang string, a board.Action) string {
	switch a {
	case board.Approve:
		return T(lang, "done|let through")
	case board.Reject:
		return T(lang, "done|refused")
	case board.Uphold:
		return T(lang, "done|upheld")
	case board.Overturn:
		return T(lang, "done|overturned")
	case board.HandOver:
		return T(lang, "done|handed over")
	}
	return string(a)
}

// ReviewKind names a kind of item on the review page, many of them.
func ReviewKind(lang string, k board.ReviewKind) string {
	switch k {
	case board.ReportItem:
		return T(lang, "review|Reports")
	case board.HeldItem:
		return T(lang, "review|Held posts")
	case board.DuplicateItem:
		return T(lang, "review|Possible duplicates")
	case board.LateItem:
		return T(lang, "review|Late answers")
	case board.AppealItem:
		return T(lang, "review|Appeals")
	}
	return string(k)
}
