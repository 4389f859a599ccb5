package templates

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"convivio/store/board"
	"convivio/templates/words"
)

// Every act of the audit log in a sentence, and by its name for the filter. A new
// act of board.Acts gets a line in each.

// actorName says who did it: by name as it was, or what it was that acted.
func actorName(lang string, e board.AuditEntry) string {
	switch {
	case e.Name.Value != "":
		return e.Name.Value
	case e.Name.Erased():
		return words.T(lang, "An erased person")
	case e.Means == board.ByCommand:
		return words.T(lang, "The command line")
	case e.Means == board.ByVisitor:
		return words.T(lang, "Somebody not signed in")
	}
	return "Convivio"
}

// targetName says to whom or what it was done.
func targetName(lang string, e board.AuditEntry) string {
	switch {
	case e.Target.Value != "":
		return e.Target.Value
	case e.Target.Erased():
		return words.T(lang, "an erased person")
	case e.Person != 0:
		return words.T(lang, "person %d", e.Person)
	case e.Board != 0:
		return words.T(lang, "board %d", e.Board)
	}
	return "–"
}

// auditSentence tells an entry to people.
func auditSentence(lang string, e board.AuditEntry) string {
	who, whom := actorName(lang, e), targetName(lang, e)
	for _, tell := range []func(lang, who, whom string, e board.AuditEntry) string{tellPeople, tellAccounts, tellIdeas, tellModeration, tellBoards, tellRules, tellSystem} {
		if s := tell(lang, who, whom, e); s != "" {
			return s
		}
	}
	return who + ": " + string(e.Act)
}

func tellPeople(lang, who, whom string, e board.AuditEntry) string {
	switch e.Act {
	case board.PersonAddedAct:
		return words.T(lang, "%s added the person %s.", who, whom)
	case board.PersonChangedAct:
		return words.T(lang, "%s changed the team, site or data of %s.", who, whom)
	case board.PersonDisabledAct:
		return words.T(lang, "%s stopped %s from signing in.", who, whom)
	case board.PersonEnabledAct:
		return words.T(lang, "%s let %s sign in again.", who, whom)
	case board.RolesChangedAct:
		return words.T(lang, "%s changed the roles of %s.", who, whom)
	case board.PeopleReadAct:
		return words.T(lang, "%s looked at the list of people with their e-mail addresses.", who)
	case board.PersonReadAct:
		return words.T(lang, "%s looked at the account of %s.", who, whom)
	case board.PeopleImportedAct:
		return words.T(lang, "%s brought people in from a file.", who)
	case board.InvitationsReadAct:
		return words.T(lang, "%s downloaded the invitation links of new people.", who)
	case board.TeamAddedAct:
		return words.T(lang, "%s made a team.", who)
	case board.TeamChangedAct:
		return words.T(lang, "%s changed the name or place of a team.", who)
	case board.TeamMergedAct:
		return words.T(lang, "%s merged a team into another one.", who)
	case board.TeamRemovedAct:
		return words.T(lang, "%s removed a team.", who)
	}
	return ""
}

func tellAccounts(lang, who, whom string, e board.AuditEntry) string {
	switch e.Act {
	case board.LinkMadeAct:
		return words.T(lang, "%s made a link to choose a password, for %s.", who, whom)
	case board.LinkUsedAct:
		return words.T(lang, "%s chose a password by a link, as %s.", who, whom)
	case board.PasswordSetAct:
		return words.T(lang, "%s changed their own password.", who)
	case board.TokenAddedAct:
		return words.T(lang, "%s made a token that acts as %s.", who, whom)
	case board.TokenRemovedAct:
		return words.T(lang, "%s removed a token of %s.", who, whom)
	case board.SessionOpenedAct:
		return words.T(lang, "%s signed in as an administrator.", who)
	case board.SessionEndedAct:
		return words.T(lang, "%s signed out, an administrator.", who)
	case board.SessionRefusedAct:
		return words.T(lang, "%s gave a wrong password for the administrator %s.", who, whom)
	}
	return ""
}

func tellIdeas(lang, who, whom string, e board.AuditEntry) string {
	switch e.Act {
	case board.IdeaMovedAct:
		if to := board.Stage(auditValues(e.After.Value)["stage"]); to.Known() {
			return words.T(lang, "%s moved idea %s to “%s”.", who, no(e.Idea), words.Called(lang, to, ""))
		}
		return words.T(lang, "%s moved idea %s to another stage.", who, no(e.Idea))
	case board.IdeaLockedAct:
		return words.T(lang, "%s locked idea %s.", who, no(e.Idea))
	case board.IdeaUnlockedAct:
		return words.T(lang, "%s unlocked idea %s.", who, no(e.Idea))
	case board.AnswerPublishedAct:
		return words.T(lang, "%s published an official answer to idea %s.", who, no(e.Idea))
	case board.AnswerScheduledAct:
		return words.T(lang, "%s changed when the official answer to idea %s is published.", who, no(e.Idea))
	case board.IdeaDeletedAct:
		return words.T(lang, "%s deleted idea %s, written by %s.", who, no(e.Idea), whom)
	case board.IdeaRestoredAct:
		return words.T(lang, "%s brought back idea %s, written by %s.", who, no(e.Idea), whom)
	case board.CommentDeletedAct:
		return words.T(lang, "%s deleted comment %s, written by %s.", who, no(e.Comment), whom)
	case board.CommentRestoredAct:
		return words.T(lang, "%s brought back comment %s, written by %s.", who, no(e.Comment), whom)
	}
	return ""
}

func tellModeration(lang, who, whom string, e board.AuditEntry) string {
	switch e.Act {
	case board.IdeaMergedAct:
		if into := auditValues(e.After.Value)["into"]; into != "" {
			return words.T(lang, "%s merged idea %s into idea %s.", who, no(e.Idea), into)
		}
		return words.T(lang, "%s merged idea %s into another one.", who, no(e.Idea))
	case board.IdeaUnmergedAct:
		return words.T(lang, "%s took idea %s apart from another one again.", who, no(e.Idea))
	case board.IdeaRelocatedAct:
		return words.T(lang, "%s moved idea %s to another board.", who, no(e.Idea))
	case board.CommentSplitAct:
		return words.T(lang, "%s made an idea of comment %s, written by %s.", who, no(e.Comment), whom)
	case board.IdeaPinnedAct:
		return words.T(lang, "%s pinned idea %s.", who, no(e.Idea))
	case board.IdeaUnpinnedAct:
		return words.T(lang, "%s unpinned idea %s.", who, no(e.Idea))
	case board.DecisionMadeAct:
		return words.T(lang, "%s decided on words of %s.", who, whom) + whatWasDecided(lang, e.After)
	case board.DecisionUndoneAct:
		return words.T(lang, "%s undid a decision on words of %s.", who, whom) + whatWasDecided(lang, e.Before)
	case board.ReviewEntrustedAct:
		return words.T(lang, "%s entrusted a report to %s.", who, whom)
	case board.OfficerReadAct:
		return words.T(lang, "%s looked at what was reported as illegal or dangerous.", who)
	case board.WordsReadAct:
		return words.T(lang, "%s read words that a moderator took away.", who)
	case board.SearchPutAsideAct:
		return words.T(lang, "%s put aside a search that several people made in vain.", who)
	}
	return ""
}

// whatWasDecided says what was decided and why, after its sentence.
func whatWasDecided(lang string, values board.Sealed) string {
	v := auditValues(values.Value)
	if v["action"] == "" {
		return ""
	}
	out := " (" + words.Done(lang, board.Action(v["action"]))
	if g := board.Ground(v["ground"]); g != "" {
		out += ": " + words.Ground(lang, g)
	}
	return out + ")"
}

func tellBoards(lang, who, whom string, e board.AuditEntry) string {
	switch e.Act {
	case board.BoardAddedAct:
		return words.T(lang, "%s made the board %s.", who, whom)
	case board.BoardChangedAct:
		return words.T(lang, "%s changed the board %s.", who, whom)
	case board.MemberAddedAct:
		return words.T(lang, "%s added %s to a board.", who, whom)
	case board.MemberRemovedAct:
		return words.T(lang, "%s removed %s from a board.", who, whom)
	case board.BoardRoleGivenAct:
		return words.T(lang, "%s gave a role on a board: %s.", who, whom)
	case board.BoardRoleTakenAct:
		return words.T(lang, "%s took a role on a board away: %s.", who, whom)
	case board.KeeperNamedAct:
		return words.T(lang, "%s put %s in charge of a private board that nobody kept any more.", who, whom)
	case board.OwnerAddedAct:
		return words.T(lang, "%s made somebody answer for the board: %s.", who, whom)
	case board.OwnerRemovedAct:
		return words.T(lang, "%s took from somebody that they answer for the board: %s.", who, whom)
	case board.ClockChangedAct:
		return words.T(lang, "%s changed within how long the board answers: %s.", who, whom)
	case board.SettingChangedAct:
		return words.T(lang, "%s changed a setting.", who)
	case board.AnnouncedAct:
		return words.T(lang, "%s made an announcement.", who)
	case board.AnnouncementEndAct:
		return words.T(lang, "%s ended an announcement.", who)
	}
	return ""
}

func tellRules(lang, who, whom string, e board.AuditEntry) string {
	switch e.Act {
	case board.RuleAddedAct:
		return words.T(lang, "%s made a rule for which words or links wait.", who)
	case board.RuleEndedAct:
		return words.T(lang, "%s ended a rule for which words or links wait.", who)
	case board.FirstPostsAct:
		return words.T(lang, "%s changed how many first posts of new people wait.", who)
	case board.HouseRulesChangedAct:
		return words.T(lang, "%s changed the house rules.", who)
	case board.TrustedAct:
		return words.T(lang, "%s let what %s writes wait no more.", who, whom)
	case board.WarnedAct:
		return words.T(lang, "%s warned %s.", who, whom)
	case board.SilencedAct:
		return words.T(lang, "%s silenced %s for a time.", who, whom)
	case board.SuspendedAct:
		return words.T(lang, "%s suspended %s for a time.", who, whom)
	case board.SanctionLiftedAct:
		return words.T(lang, "%s lifted a sanction on %s before its end.", who, whom)
	case board.IdeaSlowedAct:
		return words.T(lang, "%s changed the slow mode of idea %s.", who, no(e.Idea))
	}
	return ""
}

func tellSystem(lang, who, _ string, e board.AuditEntry) string {
	switch e.Act {
	case board.RouteAskedAct:
		if e.Outcome == board.ActFailed {
			return words.T(lang, "%s used a function of administration or moderation, and it broke off.", who)
		}
		return words.T(lang, "%s tried to use a function they have no right to.", who)
	case board.AuditReadAct:
		return words.T(lang, "%s looked at the audit log.", who)
	case board.AuditExportedAct:
		return words.T(lang, "%s exported the audit log.", who)
	case board.ReleaseAskedAct:
		if e.Outcome == board.ActRefused {
			return words.T(lang, "%s asked for a release of figures, which was refused.", who)
		}
		return words.T(lang, "%s asked for a release of figures.", who)
	case board.ReleaseMadeAct:
		if e.Outcome == board.ActFailed {
			return words.T(lang, "A release of figures could not be made.")
		}
		return words.T(lang, "%s made a release of figures.", who)
	case board.ReleaseTakenAct:
		if e.Outcome == board.ActRefused {
			return words.T(lang, "%s asked for a file of a release, which was refused.", who)
		}
		return words.T(lang, "%s took away a file of a release.", who)
	case board.ReleasesPlannedAct:
		return words.T(lang, "%s changed what is released every month.", who)
	case board.ImportBegunAct:
		return words.T(lang, "%s began to import ideas and conversations.", who)
	case board.ImportEndedAct:
		return words.T(lang, "%s ended an import.", who)
	case board.BackupMadeAct:
		return words.T(lang, "%s made a backup of everything.", who)
	case board.BackupRestoredAct:
		return words.T(lang, "%s made this data folder from a backup.", who)
	case board.LossAcceptedAct:
		return words.T(lang, "%s went on without saved events that were found missing.", who)
	}
	return ""
}

// unsaid stands where a sentence is about no entry in particular.
const unsaid = -1

// no writes the number of an idea or a comment.
func no(n int64) string {
	if n == unsaid {
		return "…"
	}
	return strconv.FormatInt(n, 10)
}

// actChoices are the acts by which the log can be filtered, each in the words in
// which its entries tell it.
func actChoices(lang string) []choice {
	list := []choice{{"", words.T(lang, "all of them")}}
	for _, a := range board.Acts {
		list = append(list, choice{string(a), auditSentence(lang, board.AuditEntry{Act: a, Idea: unsaid, Comment: unsaid,
			Name: board.Sealed{Value: "…"}, Target: board.Sealed{Value: "…"}})})
	}
	return list
}

// auditChange is one value before and after an act.
type auditChange struct{ Name, Before, After string }

// auditChanges puts before and after side by side.
func auditChanges(e board.AuditEntry) []auditChange {
	before, after := auditValues(e.Before.Value), auditValues(e.After.Value)
	names := []string{}
	for name := range before {
		names = append(names, name)
	}
	for name := range after {
		if _, both := before[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	list := []auditChange{}
	for _, name := range names {
		list = append(list, auditChange{name, before[name], after[name]})
	}
	return list
}

// auditValues are the values of a JSON object, each as it is read.
func auditValues(text string) map[string]string {
	var all map[string]json.RawMessage
	if text == "" || json.Unmarshal([]byte(text), &all) != nil {
		if text == "" {
			return nil
		}
		return map[string]string{"": text}
	}
	out := map[string]string{}
	for name, raw := range all {
		var one string
		var many []string
		switch {
		case json.Unmarshal(raw, &one) == nil:
			out[name] = one
		case json.Unmarshal(raw, &many) == nil:
			out[name] = strings.Join(many, ", ")
		default:
			out[name] = string(raw)
		}
	}
	return out
}
