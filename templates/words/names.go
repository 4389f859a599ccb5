package words

import (
	"strings"

	"convivio/store/board"
)

// Stage names a stage.
func Stage(lang string, s board.Stage) string {
	switch s {
	case board.New:
		return T(lang, "stage|New")
	case board.InReview:
		return T(lang, "stage|In review")
	case board.Planned:
		return T(lang, "stage|Planned")
	case board.InProgress:
		return T(lang, "stage|In progress")
	case board.Done:
		return T(lang, "stage|Done")
	case board.Declined:
		return T(lang, "stage|Declined")
	case board.Parked:
		return T(lang, "stage|Parked")
	case board.MergedInto:
		return T(lang, "stage|Merged")
	case board.Draft:
		return T(lang, "stage|Draft")
	case board.Withdrawn:
		return T(lang, "stage|Withdrawn")
	}
	return string(s)
}

// Called names a stage by the name its board gave it, if it did.
func Called(lang string, s board.Stage, name string) string {
	if name != "" {
		return name
	}
	return Stage(lang, s)
}

// oneOf lists stages of which one is chosen: In review, Planned or Declined.
func oneOf(lang string, list board.CalledStages) string {
	names := make([]string, len(list))
	for i, c := range list {
		names[i] = Called(lang, c.Stage, c.Name)
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return T(lang, "%s or %s", strings.Join(names[:last], ", "), names[last])
}

// Role names a role.
func Role(lang string, r board.Role) string {
	switch r {
	case board.Moderator:
		return T(lang, "role|Moderator")
	case board.HR:
		return T(lang, "role|HR")
	case board.Admin:
		return T(lang, "role|Administrator")
	case board.Auditor:
		return T(lang, "role|Auditor")
	case board.Council:
		return T(lang, "role|Works council")
	case board.Officer:
		return T(lang, "role|Officer for reports")
	}
	return string(r)
}

// Kind names a kind of person.
func Kind(lang string, k board.Kind) string {
	if k == board.Guest {
		return T(lang, "person|Guest")
	}
	return T(lang, "person|Employee")
}

// Credit names what an idea is credited for, or a comment on it.
func Credit(lang, why string, comment bool) string {
	switch {
	case why == board.ForDecision:
		return T(lang, "decided")
	case why == board.ForCitation && comment:
		return T(lang, "a comment that was cited")
	case why == board.ForCitation:
		return T(lang, "cited")
	case comment:
		return T(lang, "a comment that others liked")
	}
	return T(lang, "voted for")
}

// Where says in which part of an idea a search found the words.
func Where(lang string, w board.Where) string {
	switch w {
	case board.InTitle:
		return T(lang, "In the title")
	case board.InText:
		return T(lang, "In the text")
	case board.InComment:
		return T(lang, "In a comment")
	case board.InAnswer:
		return T(lang, "In the official answer")
	}
	return string(w)
}
