package board

import "time"

// How long what is kept for a time stays. The maintenance of the store uses these
// numbers, and so do the documents that tell people of them.
const (
	SessionLife   = 7 * 24 * time.Hour  // a browser stays signed in
	SessionIdle   = 8 * time.Hour       // without being used
	KeysKept      = 8 * 24 * time.Hour  // keys of forms, files that no text names
	NoticesKept   = 90 * 24 * time.Hour // notices, and the words of appeals that were decided
	UnfoundKept   = 90 * 24 * time.Hour // words that led nowhere
	AddressesKept = 21 * 24 * time.Hour // addresses in the audit log
	VisitsKept    = 7 * 24 * time.Hour  // the access log, as a rule
	MostVisits    = 21 * 24 * time.Hour // and at most
	DeletedKept   = time.Minute         // words that their author deleted
)

// Datum names one kind of what Convivio keeps about people. Its words stand in
// templates/law.
type Datum string

// What is kept about people, and nothing else.
const (
	AccountDatum    Datum = "account"
	KeysDatum       Datum = "keys"
	DevicesDatum    Datum = "devices"
	BoardsDatum     Datum = "boards"
	WordsDatum      Datum = "words"
	PromisesDatum   Datum = "promises"
	DraftsDatum     Datum = "drafts"
	FilesDatum      Datum = "files"
	VotesDatum      Datum = "votes"
	ReactionsDatum  Datum = "reactions"
	FollowingDatum  Datum = "following"
	NoticesDatum    Datum = "notices"
	SearchesDatum   Datum = "searches"
	UnfoundDatum    Datum = "unfound"
	ExpertDatum     Datum = "expert"
	ModerationDatum Datum = "moderation"
	ReportsDatum    Datum = "reports"
	SanctionsDatum  Datum = "sanctions"
	LogDatum        Datum = "log"
	AuditDatum      Datum = "audit"
	OnceDatum       Datum = "once"
	InformedDatum   Datum = "informed"
	PlaceDatum      Datum = "place"
	ReleasesDatum   Datum = "releases"
	VisitsDatum     Datum = "visits"
	PresenceDatum   Datum = "presence"
	DeviceDatum     Datum = "device"
)

// Basis is on what ground of the GDPR something is proposed to be kept. The
// controller decides.
type Basis string

// The grounds that are proposed.
const (
	ByInterest Basis = "interest" // article 6(1)(f): people hear each other, the company answers
	BySecurity Basis = "security" // articles 6(1)(f) and 32: nobody else comes in
	ByDuty     Basis = "duty"     // articles 6(1)(c) and 5(2): power can be checked, rights can be used
)

// Columns are columns of one table of the database, apart by spaces.
type Columns struct{ Table, Names string }

// Collected says where one kind of datum stands and on what ground.
type Collected struct {
	Datum  Datum
	Basis  Basis
	Tables []Columns
	Place  Place // where no table holds it
}

// Place is where something stands that is in no table.
type Place string

// The places outside the database.
const (
	InMemory  Place = "memory"
	InFolder  Place = "access/"
	OnDevices Place = "devices"
)

// Everything is the one list of what is kept about people: the page of what is
// collected, the notice, the agreement and the impact assessment are made from it.
// A test compares it with the tables: a column that is in neither list fails it.
var Everything = []Collected{
	{Datum: AccountDatum, Basis: ByInterest, Tables: []Columns{
		{"person", "id email name handle kind team_id site lang created_at disabled_at last_seq"},
		{"person_role", "person_id role"}, {"import_ref", "source kind ref id"}}},
	{Datum: KeysDatum, Basis: BySecurity, Tables: []Columns{
		{"person", "password"}, {"token", "id hash person_id name created_at"},
		{"link", "hash purpose person_id created_at ends_at used_at"}, {"attempt", "name failures last_at"}}},
	{Datum: DevicesDatum, Basis: BySecurity, Tables: []Columns{{"session", "id hash person_id device created_at seen_at ends_at shared"}}},
	{Datum: BoardsDatum, Basis: ByInterest, Tables: []Columns{
		{"member", "board_id person_id since"}, {"board_role", "id board_id role person_id team_id"}}},
	{Datum: WordsDatum, Basis: ByInterest, Tables: []Columns{
		{"idea", "id board_id author_id renderer lang stage votes imported_votes comments answers heat created_at edited_at answered_at locked_at deleted_at moved_seq last_seq title body html excerpt tags thread_seq merged_into merged slow breadth breadth_at breadth_told"},
		{"idea_version", "id idea_id title body at"},
		{"comment", "id idea_id parent_id author_id renderer lang depth replies repliers cited created_at edited_at deleted_at added_seq last_seq body html label merged_id via"},
		{"comment_version", "id comment_id body at"},
		{"answer", "id idea_id author_id body html renderer lang created_at seq by_owner"}, {"answer_cite", "answer_id comment_id"},
		{"merge", "id from_id into_id from_board from_stage label_id votes imported person_id at undone_at"},
		{"removed", "id idea_id comment_id person_id at keep_until decision_id"},
		{"removed_text", "id removed_id part ref at lang title excerpt tags body html"},
		{"announcement", "id board_id author_id created_at from_at until_at"}, {"announcement_text", "announcement_id lang body html"}}},
	{Datum: PromisesDatum, Basis: ByInterest, Tables: []Columns{
		{"stage_change", "id idea_id from_stage to_stage author_id reason at quiet until owner_id due measured"},
		{"promise", "id idea_id owner_id due first_due made_at ended ended_on told_at adrift_at"}}},
	{Datum: DraftsDatum, Basis: ByInterest, Tables: []Columns{
		{"idea_draft", "id person_id board_id made created_at changed_at title tags body"}, {"draft_file", "draft_id file_id"},
		{"answer_draft", "idea_id person_id at publish_at body move refused"}, {"answer_draft_cite", "idea_id comment_id"}}},
	{Datum: FilesDatum, Basis: ByInterest, Tables: []Columns{
		{"file", "id person_id hash view_hash type view_type size view_size width height created_at used name"},
		{"file_use", "id file_id idea_id comment_id"}}},
	{Datum: VotesDatum, Basis: ByInterest, Tables: []Columns{{"vote", "idea_id person_id at via"}}},
	{Datum: ReactionsDatum, Basis: ByInterest, Tables: []Columns{{"reaction", "idea_id comment_id answer_id kind person_id"}}},
	{Datum: FollowingDatum, Basis: ByInterest, Tables: []Columns{
		{"idea_follow", "idea_id person_id follows seq via"}, {"board_follow", "board_id person_id newest"},
		{"read_mark", "person_id idea_id seq"}, {"announcement_away", "person_id announcement_id"}}},
	{Datum: NoticesDatum, Basis: ByInterest, Tables: []Columns{{"notice", "person_id seq reason idea_id comment_id at seen saved_id decision_id"}}},
	{Datum: SearchesDatum, Basis: ByInterest, Tables: []Columns{
		{"saved_search", "id person_id name query created_at seq"}, {"saved_find", "saved_id idea_id seq"}}},
	{Datum: UnfoundDatum, Basis: ByInterest, Tables: []Columns{
		{"unfound", "query key_id who day"}, {"search_key", "id month secret"}, {"searched", "month n missed key_id crowd"}}},
	{Datum: ExpertDatum, Basis: ByInterest, Tables: []Columns{{"person", "expert"}}},
	{Datum: ModerationDatum, Basis: ByDuty, Tables: []Columns{
		{"review", "id kind board_id idea_id comment_id subject_id person_id officer ground at due_at claimed_by claimed_at entrusted_to entrusted_note version closed_at closed_by decision_id"},
		{"decision", "id seq review_id kind action ground note board_id idea_id comment_id subject_id person_id moderator_id at until removed_id sanction_id rule_id final_at overturned_at undone_at undone_by was press"},
		{"held", "id board_id idea_id parent_id author_id rule_id state renderer lang at edited_at posted_id title tags body html"},
		{"trusted", "person_id at"}}},
	{Datum: ReportsDatum, Basis: ByDuty, Tables: []Columns{
		{"report", "id review_id idea_id comment_id person_id ground other_id note at outcome closed_at seq"}}},
	{Datum: SanctionsDatum, Basis: ByDuty, Tables: []Columns{
		{"sanction", "id person_id kind board_id at ends_at lifted_at"}, {"person", "suspended_until"},
		{"appeal", "id decision_id person_id at decided_at outcome_id overturned alone body"}}},
	{Datum: LogDatum, Basis: ByInterest, Tables: []Columns{{"log", "seq at actor_id kind board_id idea_id comment_id subject_id"}}},
	{Datum: AuditDatum, Basis: ByDuty, Tables: []Columns{
		{"audit", "seq at act outcome actor_id roles means request board_id idea_id comment_id person_id name_sum address_sum target_sum before_sum after_sum note_sum hash name name_salt address address_salt target target_salt before before_salt after after_salt note note_salt"}}},
	{Datum: OnceDatum, Basis: BySecurity, Tables: []Columns{{"idempotency", "person_id idem_key verb digest result_id seq at"}}},
	{Datum: InformedDatum, Basis: ByDuty, Tables: []Columns{{"informed", "person_id version day"}}},
	{Datum: PlaceDatum, Basis: ByInterest, Tables: []Columns{
		{"place", "person_id since kind team_id site counted"}, {"person", "uncounted"}}},
	{Datum: ReleasesDatum, Basis: ByDuty, Tables: []Columns{
		{"release", "number at person_id asked first last version figures hidden"}, {"release_order", "number at person_id asked begun reason"}}},
	{Datum: VisitsDatum, Basis: BySecurity, Place: InFolder},
	{Datum: PresenceDatum, Basis: ByInterest, Place: InMemory},
	{Datum: DeviceDatum, Basis: ByInterest, Place: OnDevices},
}

// OfNobody lists the tables in which no person stands.
var OfNobody = []string{"board", "board_stage", "citation", "clock", "clock_pause", "figure", "follower", "goose_db_version", "growth", "hold_first", "house_rules",
	"meta", "month", "parked", "pin", "release_file", "release_piece", "release_plan", "rule", "setting", "tally", "team", "team_above"}
