package board

// Act names what somebody did with power over others, or what they looked at that
// others may not, in the past tense, as the audit log keeps it. Acts are never
// renamed. templates/audit_words.go says each in a sentence.
type Act string

// The acts that the audit log knows, by noun.
const (
	BoardAddedAct    Act = "board.added"
	BoardChangedAct  Act = "board.changed"
	MemberAddedAct   Act = "member.added"
	MemberRemovedAct Act = "member.removed"
	ClockChangedAct  Act = "clock.changed" // response time, working hours
	OwnerAddedAct    Act = "owner.added"   // who owes a board's answers
	OwnerRemovedAct  Act = "owner.removed"

	PersonAddedAct    Act = "person.added"
	PersonChangedAct  Act = "person.changed"
	PersonDisabledAct Act = "person.disabled"
	PersonEnabledAct  Act = "person.enabled"
	RolesChangedAct   Act = "roles.changed"
	LinkMadeAct       Act = "link.made"      // by which a person chooses a password
	LinkUsedAct       Act = "link.used"      // and did
	PasswordSetAct    Act = "password.set"   // by the person themselves
	TokenAddedAct     Act = "token.added"    // a key for programs
	TokenRemovedAct   Act = "token.removed"  //
	SessionOpenedAct  Act = "session.opened" // administrators alone
	SessionEndedAct   Act = "session.ended"
	SessionRefusedAct Act = "session.refused" // a wrong password for an administrator

	IdeaMovedAct       Act = "idea.moved"  // to another stage
	IdeaMergedAct      Act = "idea.merged" // into another one
	IdeaUnmergedAct    Act = "idea.unmerged"
	IdeaRelocatedAct   Act = "idea.relocated" // to another board
	CommentSplitAct    Act = "comment.split"  // it became an idea of its own
	IdeaLockedAct      Act = "idea.locked"
	IdeaUnlockedAct    Act = "idea.unlocked"
	AnswerPublishedAct Act = "answer.published" // an official answer, at once or at its time
	AnswerScheduledAct Act = "answer.scheduled" // it was given a time, another one, or none any more
	IdeaDeletedAct     Act = "idea.deleted"     // somebody else's
	IdeaRestoredAct    Act = "idea.restored"
	CommentDeletedAct  Act = "comment.deleted" // somebody else's
	CommentRestoredAct Act = "comment.restored"
	SearchPutAsideAct  Act = "search.put_aside" // of those that found nothing

	DecisionMadeAct    Act = "decision.made" // by a moderator, about people's words
	DecisionUndoneAct  Act = "decision.undone"
	ReviewEntrustedAct Act = "review.entrusted" // handed over to somebody
	OfficerReadAct     Act = "review.read"      // what was reported as illegal or dangerous
	WordsReadAct       Act = "words.read"       // that a decision took away

	RouteAskedAct Act = "route.asked" // a page or form of power, refused or broken off

	PeopleReadAct    Act = "people.read" // the list with e-mail addresses
	PersonReadAct    Act = "person.read" // one of them, with theirs
	AuditReadAct     Act = "audit.read"
	AuditExportedAct Act = "audit.exported"

	ReleaseAskedAct    Act = "release.asked"
	ReleaseMadeAct     Act = "release.made" // figures, as files
	ReleaseTakenAct    Act = "release.taken"
	ReleasesPlannedAct Act = "releases.planned"

	RuleAddedAct         Act = "rule.added" // words or links for which posts wait
	RuleEndedAct         Act = "rule.ended"
	FirstPostsAct        Act = "rule.first_posts" // how many of whose first posts wait
	TrustedAct           Act = "person.trusted"   // their first posts wait no more
	WarnedAct            Act = "person.warned"
	SilencedAct          Act = "person.silenced"
	SuspendedAct         Act = "person.suspended"
	SanctionLiftedAct    Act = "sanction.lifted" // before its end
	IdeaSlowedAct        Act = "idea.slowed"     // slow mode began, changed or ended
	HouseRulesChangedAct Act = "house_rules.changed"

	ImportBegunAct    Act = "import.begun"
	ImportEndedAct    Act = "import.ended"
	BackupMadeAct     Act = "backup.made"
	BackupRestoredAct Act = "backup.restored"
	LossAcceptedAct   Act = "loss.accepted"

	PeopleImportedAct  Act = "people.imported"        // from a file: how many are new, changed, disabled
	InvitationsReadAct Act = "invitations.downloaded" // the links for those who are new
	TeamAddedAct       Act = "team.added"
	TeamChangedAct     Act = "team.changed" // name, or place in the tree
	TeamMergedAct      Act = "team.merged"  // into another one
	TeamRemovedAct     Act = "team.removed"
	SettingChangedAct  Act = "setting.changed"
	AnnouncedAct       Act = "announcement.added"
	AnnouncementEndAct Act = "announcement.ended"
	BoardRoleGivenAct  Act = "board_role.given"
	BoardRoleTakenAct  Act = "board_role.taken"
	KeeperNamedAct     Act = "board.keeper_named" // of a private board on which nobody was left in charge
	IdeaPinnedAct      Act = "idea.pinned"
	IdeaUnpinnedAct    Act = "idea.unpinned"
)

// Acts lists every act, in the order in which filters offer them.
var Acts = []Act{
	BoardAddedAct,
	BoardChangedAct,
	MemberAddedAct,
	MemberRemovedAct,
	ClockChangedAct,
	OwnerAddedAct,
	OwnerRemovedAct,
	PersonAddedAct,
	PersonChangedAct,
	PersonDisabledAct,
	PersonEnabledAct,
	RolesChangedAct,
	LinkMadeAct,
	LinkUsedAct,
	PasswordSetAct,
	TokenAddedAct,
	TokenRemovedAct,
	SessionOpenedAct,
	SessionEndedAct,
	SessionRefusedAct,
	IdeaMovedAct,
	IdeaLockedAct,
	IdeaUnlockedAct,
	AnswerPublishedAct,
	AnswerScheduledAct,
	IdeaDeletedAct,
	IdeaRestoredAct,
	CommentDeletedAct,
	CommentRestoredAct,
	SearchPutAsideAct,
	DecisionMadeAct,
	DecisionUndoneAct,
	ReviewEntrustedAct,
	OfficerReadAct,
	WordsReadAct,
	IdeaMergedAct,
	IdeaUnmergedAct,
	IdeaRelocatedAct,
	CommentSplitAct,
	RouteAskedAct,
	PeopleReadAct,
	PersonReadAct,
	AuditReadAct,
	AuditExportedAct,
	RuleAddedAct,
	RuleEndedAct,
	FirstPostsAct,
	TrustedAct,
	WarnedAct,
	SilencedAct,
	SuspendedAct,
	SanctionLiftedAct,
	IdeaSlowedAct,
	HouseRulesChangedAct,
	ImportBegunAct,
	ImportEndedAct,
	BackupMadeAct,
	BackupRestoredAct,
	LossAcceptedAct,
	PeopleImportedAct,
	InvitationsReadAct,
	TeamAddedAct,
	TeamChangedAct,
	TeamMergedAct,
	TeamRemovedAct,
	SettingChangedAct,
	AnnouncedAct,
	AnnouncementEndAct,
	BoardRoleGivenAct,
	BoardRoleTakenAct,
	KeeperNamedAct,
	IdeaPinnedAct,
	IdeaUnpinnedAct,
	ReleaseAskedAct,
	ReleaseMadeAct,
	ReleaseTakenAct,
	ReleasesPlannedAct,
}
