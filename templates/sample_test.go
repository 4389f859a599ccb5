package templates

import (
	"strconv"
	"time"

	"github.com/a-h/templ"

	"convivio/store/board"
)

// hostile is a name that must be shown as it is and never become markup.
const hostile = `<img src=x onerror="alert(1)"> & "Bobby" O'Tables</title></textarea>`

var (
	day   = time.Date(2026, time.November, 19, 9, 30, 0, 0, time.UTC)
	marta = board.Author{ID: 2, Name: hostile, Team: hostile}
	anna  = board.Person{ID: 3, Name: "Anna Gatti", Kind: board.Employee, Team: "Qualità", Site: "Schio", Roles: []board.Role{board.Moderator}}
	guest = board.Person{ID: 4, Name: hostile, Kind: board.Guest, Site: hostile}
)

func at[T any](v T) *T { return &v }

// page is a page for somebody who may do everything.
func page(lang string) Page {
	return Page{
		Lang: lang, Path: "/boards/lavoro-e-spazi?sort=new", Key: "0123456789abcdef", Epoch: "epoch", Seq: 41, Notice: hostile, Demo: true, ReadOnly: true,
		Who: &board.Who{ID: 2, Name: hostile, Email: "marta@example.com", Kind: board.Employee, Roles: []board.Role{board.Admin, board.Moderator}, Lang: lang},
		Boards: []board.Board{
			{Slug: "lavoro-e-spazi", Name: "Lavoro e spazi", Description: hostile, Visibility: board.Open, Ideas: 12, Unanswered: 4},
			{Slug: "progetto-madia", Name: hostile, Visibility: board.Private, Ideas: 1},
		},
	}
}

func outside(lang string) Page {
	p := page(lang)
	p.Who, p.Boards = nil, nil
	return p
}

func sampleIdea(id int64) board.Idea {
	return board.Idea{
		ID: id, Board: "lavoro-e-spazi", BoardName: hostile, Author: marta, Title: hostile, Body: "text", HTML: "<p>text</p>", Lang: "it",
		Tags: []string{"orari", "c++"}, Stage: board.Planned, Votes: 1234, Voted: id%2 == 0, Breadth: &board.Breadth{People: 42, Guests: 5, Teams: 6, OfTeams: 9, Sites: 3, OfSites: 3, At: day}, Comments: 3, Answers: 1, New: 2, Excerpt: hostile,
		CreatedAt: day, EditedAt: at(day), AnsweredAt: at(day), Seq: 40,
	}
}

var linked = board.Citations{
	Cites:   []board.Citation{{Idea: 3, Title: hostile, BoardName: hostile, Stage: board.New}},
	CitedBy: []board.Citation{{Idea: 4, Comment: at(int64(101)), Title: hostile, TitleLang: "en", BoardName: hostile, Stage: board.Done}},
}

// line makes a thread in which every comment replies to the one before.
func lineOf(n int) []board.Comment {
	var list []board.Comment
	for i := range n {
		c := board.Comment{ID: int64(100 + i), Idea: 12, Author: marta, Body: "b", HTML: "<p>said " + strconv.Itoa(i) + "</p>", CreatedAt: day, Depth: i, Cited: i == 1, Deleted: i == 2}
		if i > 0 {
			c.ParentID, c.ReplyTo, c.EditedAt = at(list[i-1].ID), hostile, at(day)
		}
		list = append(list, c)
	}
	return list
}

func answers() []board.Answer {
	return []board.Answer{
		{ID: 1, Idea: 12, Author: marta, HTML: "<p>no</p>", CreatedAt: day},
		{ID: 2, Idea: 12, Author: marta, HTML: "<p>yes &amp; soon</p>", Cites: []int64{101, 103}, CreatedAt: day},
	}
}

// sampleThread is a piece from the middle of a thread, with branches that fold.
func sampleThread(lang string, root int64, list []board.Comment) ThreadPart {
	before := ""
	p := ThreadPart{Lang: lang, Idea: 12, Root: root, Sort: board.Best, Comments: list, Above: lineOf(3)[1:], Before: &before, More: "cursor", Rest: 3, Past: "past"}
	for i := range list {
		p.Branches = append(p.Branches, Branch{Replies: len(list) - i - 1, People: 1 + i%2, Folded: i == 0})
	}
	return p
}

func landmarksOf(n int) (list []board.Landmark) {
	for i := range n {
		list = append(list, board.Landmark{ID: int64(100 + i), Author: board.Author{ID: int64(2 + i%2), Name: hostile}, At: day.AddDate(0, i, 0), Cited: i == 1})
	}
	return list
}

// sampleNotices has one for each reason, of the reader's own ideas and of others'.
func sampleNotices() (out []board.Notice) {
	for i, r := range append(board.Reasons, board.Reasons...) {
		n := board.Notice{Seq: int64(90 - i), Reason: r, Idea: int64(12 + i%3), Title: hostile, Lang: "it", BoardName: hostile, Own: i%2 == 0, Answer: i%4 == 0,
			Actor: marta, Others: i % 3, Stage: board.Planned, Excerpt: hostile, At: day, Seen: i > 7}
		if r == board.Replied {
			n.Comment = 101
		}
		out = append(out, n)
	}
	return out
}

func reactedAnswer() board.Answer {
	a := answers()[1]
	a.Reactions = []board.ReactionCount{{Kind: board.Agree, Count: 1234}, {Kind: board.Puzzled, Count: 1}}
	return a
}

func fault(field string) *board.Error {
	return board.FieldFault(field, "This is %d characters long; at most %d are allowed.", 12345, 200)
}

// samples renders every page, with everything on it, and once with nothing.
func samples(lang string) map[string]templ.Component {
	in, out := page(lang), outside(lang)
	b := in.Boards[0]
	idea, locked := sampleIdea(12), sampleIdea(13)
	locked.Locked, locked.Stage, locked.Comments = true, board.Declined, 0
	ideas := []board.Idea{idea, locked, sampleIdea(14)}
	thread := Thread(sampleThread(lang, 0, lineOf(20)))
	path := []board.StageChange{{From: board.New, To: board.Planned, ToName: hostile, At: day, Author: marta, Reason: hostile, Owner: &marta, Due: "2026-05-31", Quiet: true}}
	experts := []board.Expert{{Author: marta, Credits: []board.Credit{{Idea: 3, Title: hostile, For: board.ForVotes}, {Idea: 4, Comment: at(int64(9)), Title: hostile, TitleLang: "en", For: board.ForCitation}}}}
	found := SearchPart{Lang: lang, Experts: experts, Query: board.Query{Q: hostile, Board: b.Slug, Stage: board.New, Author: 2}, Author: hostile, From: hostile, To: "2026-01-01",
		Names: map[string]string{b.Slug: hostile}, Fault: fault("from"), Found: board.Found{Total: 12345, TookUS: 3217, Next: "next", Rebuilding: true,
			Facets: board.Facets{Boards: []board.Facet{{Value: b.Slug, Count: 3}, {Value: "other", Count: 1}}, Stages: []board.Facet{{Value: "new", Count: 3}, {Value: "done", Count: 9}}},
			Hits: []board.Hit{
				{Idea: 12, Title: hostile, Snippet: "a <mark>word</mark> &lt;b&gt;", Where: board.InText, BoardName: hostile, Stage: board.New, Author: marta, Votes: 2, At: day},
				{Idea: 12, Comment: at[int64](101), Title: "t", Where: board.InComment, Author: marta},
				{Idea: 12, Title: "t", Where: board.InAnswer, Author: marta},
			}}}
	narrowed := found
	narrowed.Fault, narrowed.Saved, narrowed.Found.AtLeast, narrowed.Found.Corrected = nil, true, true, hostile
	narrowed.Query.From, narrowed.Query.To, narrowed.Query.Year, narrowed.Query.TextIn = day, day, 2026, "de"
	narrowed.Found.Facets.Years, narrowed.Found.Facets.Langs = []board.Facet{{Value: "2026", Count: 3}}, []board.Facet{{Value: "de", Count: 1}, {Value: "nl", Count: 1}}
	narrowed.Found.Hits = append([]board.Hit{{Idea: 13, Title: "t", Headline: "<mark>t</mark>", Snippet: "<mark>t</mark> · a", Where: board.InTitle, Author: marta, Votes: 12345, Answered: true, Others: 3, At: day}}, found.Found.Hits...)
	for i := range narrowed.Found.Hits[1:] {
		narrowed.Found.Hits[i+1].Partial = true
	}
	within := narrowed
	within.Query.Idea = 12
	nowhere := narrowed
	nowhere.Found = board.Found{Uncounted: true}
	kept := board.Saved{ID: 4, Name: hostile, New: 3}
	topics := []board.Topic{{Words: []string{hostile, "two words"}, Ideas: 1234, Weeks: make([]int, board.TopicWeeks)},
		{Words: []string{"one"}, Ideas: 1, Weeks: []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1200}, Examples: []board.TopicIdea{{Idea: 12, Title: hostile, TitleLang: "it"}, {Idea: 13, Title: "t"}}}}
	words := IdeaForm{Title: hostile, Body: hostile, Tags: hostile, Fault: fault("title")}
	people := []board.Person{anna, guest}
	comment := lineOf(4)[3]
	return map[string]templ.Component{
		"signin":       SignIn(SignInPage{Page: out, Email: hostile, Next: "/ideas/12", Fault: fault("email"), Cast: []CastMember{{anna, hostile}, {guest, "note"}}}),
		"signin-bare":  SignIn(SignInPage{Page: out}),
		"invitation":   Invitation(InvitationPage{Page: out, Token: "token", Name: hostile, Email: "a@b.it", Fault: fault("again")}),
		"first":        Invitation(InvitationPage{Page: out, Token: "token", First: true, Name: hostile, Email: hostile, Fault: fault("email")}),
		"gone":         Invitation(InvitationPage{Page: out, Gone: true}),
		"reset":        Reset(ResetPage{Page: out, Token: "token", Name: hostile, Fault: fault("password")}),
		"reset-gone":   Reset(ResetPage{Page: out, Gone: true}),
		"home":         Home(HomePage{Page: in, Told: NoticeGroups(sampleNotices()), Waiting: ideas, Fresh: ideas, Moved: ideas, Growing: ideas, Topics: topics, Newcomer: true}),
		"home-quiet":   Home(HomePage{Page: in, Growing: ideas}),
		"notices":      NoticeList(NoticesPage{in, NoticesPart{Lang: lang, Groups: NoticeGroups(sampleNotices()), Unseen: 120, Upto: 90, More: "next"}}),
		"out-of-sight": Gone(GonePage{Page: in, Notice: sampleNotices()[0], Voted: true}),
		"taken-along":  Gone(GonePage{Page: in, Notice: board.Notice{Along: true}}),
		"notices-none": NoticeList(NoticesPage{Page: in}),
		"gone-voted":   Gone(GonePage{Page: in, Notice: board.Notice{Seq: 7, Reason: board.OutOfSight}}),
		"answer":       OneAnswer(AnswerPage{Page: in, Idea: idea, Answer: reactedAnswer(), Mine: "a2:agree 101:cheer"}),
		"home-empty":   Home(HomePage{Page: in, Silent: true}),
		"promises": Promises(PromisesPage{Page: in, Board: b.Slug, Promises: board.Promises{Next: "next", Counts: board.PromiseCounts{Overdue: 2, Due: 1}, Items: []board.Promise{
			{Idea: 12, Title: hostile, BoardName: hostile, Stage: board.Planned, StageName: hostile, Owner: marta, Due: "2026-05-31", FirstDue: "2026-04-30", State: board.PromiseOverdue},
			{Idea: 13, Title: hostile, BoardName: hostile, Stage: board.Done, Owner: marta, Due: "2026-05-31", FirstDue: "2026-05-31", State: board.PromiseKept, EndedOn: "2026-05-02", Reason: hostile, Measured: hostile}}}}),
		"promises-none": Promises(PromisesPage{Page: in, State: board.PromiseLate}),
		"parked":        Parked(ParkedPage{in, []board.ParkedIdea{{Idea: idea, Until: "2026-05-31"}}, "next"}),
		"parked-none":   Parked(ParkedPage{Page: in}),
		"stages":        Stages(StagesPage{in, b, []board.StageSetting{{Stage: board.New, Name: hostile}, {Stage: board.Parked, Off: true}}, fault("parked")}),
		"mine":          Mine(MinePage{in, []board.IdeaDraft{{ID: 4, Board: b.Slug, BoardName: hostile, Title: hostile, Body: hostile, ChangedAt: day}}, ideas, map[int64]board.Answer{12: answers()[1]}, "next"}),
		"mine-empty":    Mine(MinePage{Page: in}),
		"boards":        Boards(BoardsPage{in}),
		"boards-empty":  Boards(BoardsPage{Page{Lang: lang, Key: in.Key, Who: in.Who}}),
		"board":         Board(BoardPage{in, b, board.Growing, board.Planned, board.Flow{{Stage: board.InReview, Name: hostile}}, ideas, "", "next", topics, []board.Owner{{ID: 1, Person: 2, Name: hostile}}}),
		"board-empty":   Board(BoardPage{Page: in, Board: board.Board{Slug: "x", Name: hostile, Visibility: board.Private}, Sort: board.Newest}),
		"board-done":    Board(BoardPage{Page: in, Board: b, Sort: board.Unanswered, After: "cursor"}),
		"board-stage":   Board(BoardPage{Page: in, Board: b, Sort: board.MostVoted, Stage: board.Done}),
		"board-new":     BoardForm(BoardFormPage{Page: in, Typed: board.NewBoard{Name: hostile, Slug: hostile, Description: hostile, Visibility: board.Private}, Fault: fault("slug")}),
		"board-edit":    BoardForm(BoardFormPage{Page: in, Slug: b.Slug, Typed: board.NewBoard{Name: b.Name}, Fault: fault("visibility")}),
		"members":       Members(MembersPage{in, b, []board.Member{{Person: anna, Since: day}, {Person: board.Person{ID: 2, Name: hostile}, Since: day}}, hostile, people, fault("person")}),
		"members-none":  Members(MembersPage{Page: in, Board: in.Boards[1], Query: "x"}),
		"idea": Idea(IdeaPage{Page: in, Idea: idea, Answers: answers(), Path: path, Linked: linked, Thread: thread, Sort: board.Best, Unread: UnreadPart{lang, 3, "#c101", "/ideas/12?at=200#c200"}, Comment: CommentForm{Body: hostile, Fault: fault("body")},
			Answer: AnswerForm{Body: hostile, Cites: []int64{101}, Comments: lineOf(4), Fault: fault("cites"), Was: "x", At: "2026-11-30T09:00", Move: MoveForm{Idea: 12, Next: board.New.Next(board.ByKeeper)}, Draft: &board.AnswerDraft{Idea: 12, Body: hostile, Cites: []int64{101}, LeftOut: 1, By: board.Author{ID: 2, Name: hostile}, At: day, PublishAt: &day, Refused: fault(""), Move: &board.Move{Stage: board.Done}}}, Move: MoveForm{Idea: 12, Next: board.Planned.Next(board.ByKeeper), From: board.Planned, Keeps: true, Keeper: hostile, Stage: board.Done, Reason: hostile, Measured: hostile, Owner: hostile, Fault: fault("reason")}}),
		"outline":         OutlineOf(OutlinePage{in, idea, Outline(OutlinePart{lang, 12, board.NewestFirst, answers(), landmarksOf(3)[:1], landmarksOf(9)})}),
		"idea-locked":     Idea(IdeaPage{Page: in, Idea: locked, Thread: Thread(ThreadPart{Lang: lang, Idea: 13}), Sort: board.NewestFirst}),
		"comment":         Permalink(PermalinkPage{Page: in, Idea: idea, Comment: comment, Above: lineOf(3), Below: Branch{Replies: 3, People: 2}, Thread: Thread(sampleThread(lang, 103, lineOf(9)[4:])), Sort: board.Best, Reply: CommentForm{Body: hostile, Fault: fault("body")}, Edit: CommentForm{Body: hostile, Fault: fault("body")}}),
		"comment-deleted": Permalink(PermalinkPage{Page: in, Idea: idea, Comment: lineOf(3)[2], Above: lineOf(2)}),
		"new":             NewIdea(NewIdeaPage{Page: in, Board: b, Form: words, Similar: found.Found.Hits}),
		"new-fresh":       NewIdea(NewIdeaPage{Page: in, Board: b}),
		"choose":          ChooseBoard(ChooseBoardPage{Page: in, Title: hostile}),
		"choose-none":     ChooseBoard(ChooseBoardPage{Page: Page{Lang: lang, Key: in.Key, Who: in.Who}}),
		"edit":            EditIdea(EditIdeaPage{in, idea, words}),
		"versions":        Versions(VersionsPage{Page: in, Idea: idea, Now: board.Version{Title: "x", Body: "y"}, Versions: []board.Version{{Title: hostile, Body: hostile, At: day}, {Title: hostile, Body: hostile + "z", At: day}}, More: 20}),
		"versions-none":   Versions(VersionsPage{Page: in, Idea: idea, Comment: &comment}),
		"search":          Search(SearchPage{in, found}),
		"topics":          Topics(TopicsPage{Page: in, Board: b.Slug, Topics: board.Topics{Items: topics, Days: 7, From: day}}),
		"topics-none":     Topics(TopicsPage{Page: in, Topics: board.Topics{Days: 30}}),
		"topics-young":    Topics(TopicsPage{Page: in, Topics: board.Topics{Days: 90, Young: true}}),
		"topics-later":    Topics(TopicsPage{Page: in, Topics: board.Topics{Days: 30, NotReady: true}}),
		"search-none":     Search(SearchPage{in, SearchPart{Lang: lang, Query: board.Query{Q: "x"}}}),
		"search-empty":    Search(SearchPage{in, SearchPart{Lang: lang}}),
		"search-narrowed": Search(SearchPage{in, narrowed}),
		"search-within":   Search(SearchPage{in, within}),
		"search-nowhere":  Search(SearchPage{in, nowhere}),
		"saved":           SavedSearches(SavedPage{Page: in, Searches: []SavedLine{{kept, narrowed}, {board.Saved{ID: 5, Name: "x"}, SearchPart{Lang: lang}}}, Wrong: 4, Name: hostile, Fault: fault("name")}),
		"saved-none":      SavedSearches(SavedPage{Page: in, Fault: fault("query")}),
		"person":          Person(PersonPage{in, guest, ideas, lineOf(2), map[int64]string{lineOf(2)[0].Idea: hostile}}),
		"person-quiet":    Person(PersonPage{Page: in, Person: anna}),
		"people":          People(PeoplePage{in, people, hostile, "next"}),
		"people-none":     People(PeoplePage{Page: in}),
		"account": Account(AccountPage{in, []board.Session{{ID: 1, Device: hostile, CreatedAt: day, SeenAt: day, Current: true}, {ID: 2, Device: "Firefox", SeenAt: day}},
			[]board.Token{{ID: 1, Name: hostile, CreatedAt: day}}, hostile, "secret", true, fault("expert"), fault("current"), fault("name"), true}),
		"figures":      Figures(sampleFigures(in, board.ByTeam)),
		"releases":     Releases(sampleReleases(in)),
		"release":      Release(ReleasePage{in, true, sampleReleases(in).Releases[0], sampleFigures(in, board.ByTeam).Lines, map[board.Dimension]int{board.ByTeam: 1200}}),
		"release-made": Release(ReleasePage{Page: in, Release: board.Release{Number: 4, State: board.ReleaseMaking, Percent: 40}}),
		"release-bad":  Release(ReleasePage{Page: in, Makes: true, Release: board.Release{Number: 4, State: board.ReleaseFailed, Reason: hostile, Asked: board.Asked{By: board.Dimensions, BOM: true}}}),
		"release-next": Release(ReleasePage{Page: in, Release: board.Release{Number: 4, State: board.ReleaseWaits}}),
		"released":     ReleasesWithMe(ReleasesWithMePage{in, sampleReleases(in).Releases}),
		"released-not": ReleasesWithMe(ReleasesWithMePage{Page: in}),
		"figures-none": Figures(FiguresPage{Page: in}),
		"account-none": Account(AccountPage{Page: in}),
		"admin": AdminPeople(AdminPeoplePage{Page: in, People: []AdminPerson{{Person: anna, Email: hostile, Invited: true}, {Person: guest, Disabled: true}, {Person: board.Person{ID: 2, Name: hostile}}}, Of: 3,
			Teams: teams, Sites: []string{hostile}, Filter: AdminPeopleFilter{Q: hostile, Team: "1", Site: hostile}, More: "next", Invite: InviteForm{Name: hostile, Email: hostile, Kind: board.Guest, Team: hostile, Site: hostile, Roles: []board.Role{board.HR}, Fault: fault("team")}}),
		"admin-person": AdminPersonForm(AdminPersonPage{Page: in, Person: AdminPerson{Person: anna, Email: hostile, Invited: true}, Teams: teams, Typed: InviteForm{Name: hostile, Fault: fault("name")}, Link: "https://convivio.example/invitations/x"}),
		"admin-gone":   AdminPersonForm(AdminPersonPage{Page: in, Person: AdminPerson{Person: anna, Disabled: true}, Fault: fault(""), Stuck: true}),
		"admin-home":   AdminHome(AdminHomePage{Page: in, Concerns: []Concern{{hostile, "/admin", hostile}}, People: 12000}),
		"teams":        Teams(TeamsPage{Page: in, Teams: teams, About: 2, Typed: board.Team{Name: hostile, Parent: 1}, Fault: fault("parent")}),
		"teams-none":   Teams(TeamsPage{Page: in, Fault: fault("name")}),
		"features":     Features(FeaturesPage{Page: in, List: []FeatureState{{board.Switches[0], true}, {board.Switches[5], true}, {board.Switches[1], false}}, About: board.FeatureGuests, Fault: fault("confirm")}),
		"roster-form":  RosterForm(RosterFormPage{in, fault("file")}),
		"roster": Roster(RosterPage{Page: in, Path: "/x", New: 120, Changed: 1, Same: 3, Closed: 2, Faults: 300, Missing: 60, Admins: 2, Teams: []string{hostile}, Columns: []string{hostile}, Ignored: []string{hostile},
			Encoding: "Windows-1252", NewRows: []RosterLine{{2, hostile, []string{hostile, ""}}}, ChangedRows: []RosterLine{{3, hostile, nil}}, FaultRows: []RosterFault{{4, fault("email")}}, MissingNames: []string{hostile}, Fault: fault("confirm")}),
		"roster-done": Roster(RosterPage{Page: in, Path: "/x", Began: true, Progress: RosterProgressPart{Lang: lang, Path: "/x", Over: true, Added: 2, Disabled: 1, Skipped: 1, Links: 2, Fault: fault("")}}),
		"roster-on":   Roster(RosterPage{Page: in, Path: "/x", Began: true, Progress: RosterProgressPart{Lang: lang, Path: "/x", Done: 2, Of: 4}}),
		"roster-same": Roster(RosterPage{Page: in, Path: "/x"}),
		"state":       State(StatePage{in, StatePart{Lang: lang, Version: hostile, Followers: []FollowerState{{"search", 2}, {"live", 0}}, Database: 12 << 30, Log: 5 << 20, Index: 100, Over: 48 * time.Hour, Grown: -5000, Searches: SearchTimes{1, 2, 3, 4}, ReadOnly: true, Lost: 2}}),
		"announcements": Announcements(AnnouncementsPage{Page: in, Now: day, List: []board.Announcement{{ID: 1, Until: day, Texts: map[string]board.AnnouncementText{"en": {Body: hostile, HTML: "<p>x</p>"}}, By: board.Author{ID: 1, Name: hostile}},
			{ID: 2, Board: hostile, From: day.Add(time.Hour), Until: day.Add(2 * time.Hour)}, {ID: 3, Until: day.Add(time.Hour)}}, Typed: AnnouncementForm{Texts: map[string]string{"it": hostile}, Until: hostile}, Fault: fault("text")}),
		"admin-boards": AdminBoards(AdminBoardsPage{Page: in, Appointed: map[string][]board.Appointed{in.Boards[0].Slug: {{Author: board.Author{ID: 1, Name: hostile}, Role: board.BoardModerator, Gone: true}}}, About: in.Boards[0].Slug, Typed: hostile, Fault: fault("person"),
			Stuck: []StuckBoard{{ID: 4, Left: []board.Author{{ID: 1, Name: hostile}}, Members: []board.Author{{ID: 2, Name: hostile}}}, {ID: 5}}}),
		"unfound":      Unfound(UnfoundPage{Page: in, List: []board.Unfound{{Query: hostile, AtLeast: 20}, {Query: "mensa vegana", AtLeast: 5}}, Fault: fault("query")}),
		"unfound-none": Unfound(UnfoundPage{Page: in}),
		"admin-none":   AdminPeople(AdminPeoplePage{Page: in}),
		"not-found":    Error(ErrorPage{in, board.Missing(), ""}),
		"broken":       Error(ErrorPage{out, board.Fault(board.Internal, "Something went wrong here, and has been written down. Please try again."), hostile}),
		"signed-out":   Error(ErrorPage{out, board.Fault(board.Unauthorized, "Sign in to go on."), ""}),
	}
}

// teams are teams in a tree.
var teams = []board.Team{{ID: 1, Name: hostile, People: 3, All: 10, Below: 1, Owns: 2}, {ID: 2, Name: "Linea 2", Parent: 1, Depth: 1, People: 7, All: 7}, {ID: 3, Name: "Vuoto"}}

// parts renders what travels in frames.
func parts(lang string) map[string]templ.Component {
	idea := sampleIdea(12)
	return map[string]templ.Component{
		"c103":        Comment(CommentPart{lang, lineOf(4)[3]}),
		"i12":         IdeaRow(IdeaRowPart{Lang: lang, Idea: idea}),
		"votes-12":    VoteCount(VoteCountPart{lang, 12, 1}),
		"answers":     Answers(AnswersPart{lang, 12, answers()}),
		"stage-12":    StageChip(StageChipPart{lang, 12, board.Planned, hostile}),
		"path-12":     Path(PathPart{lang, idea, nil, nil}),
		"promise-12":  Promise(PromiseOf(lang, 12, nil)),
		"text-12":     IdeaText(IdeaTextPart{lang, idea}),
		"state-12":    IdeaState(IdeaStatePart{lang, idea}),
		"comments-12": CommentCount(CommentCountPart{lang, 12, 3}),
		"results":     SearchResults(SearchPart{Lang: lang, Query: board.Query{Q: "x"}}),
	}
}

// sampleFigures are figures in every state.
func sampleFigures(in Page, by board.Dimension) FiguresPage {
	p := FiguresPage{Page: in, Months: []board.Month{24322, 24321, 24320}, Month: 24322, By: by, Units: true}
	for _, d := range board.Definitions {
		for i, state := range []board.FigureState{board.FigureExact, board.FigureProtected, board.FigureExact} {
			p.Company = append(p.Company, board.Figure{Month: p.Month - 2 + board.Month(i), Measure: d.Measure, By: board.ByCompany, State: state, Value: .4, Steady: true})
		}
		for i, state := range []board.FigureState{board.FigureExact, board.FigureFew, board.FigureNearlyAll, board.FigureProtected, board.FigureNone} {
			p.Lines = append(p.Lines, board.Figure{Month: p.Month, Measure: d.Measure, By: by, Unit: hostile[:min(i, 1)*len(hostile)], UnitID: int64(i), State: state, Value: 12, Others: max(0, i-3) * 3})
		}
	}
	return p
}

func sampleReleases(in Page) ReleasesPage {
	asked := board.Asked{From: 24320, To: 24322, By: board.Dimensions, Lang: "it", Separator: ";"}
	made := board.Release{Number: 3, State: board.ReleaseReady, MadeAt: day, MadeBy: hostile, Asked: asked, Version: hostile, Figures: 9, Hidden: 2, Files: []board.ReleaseFile{{Name: "figures.xlsx", Size: 2048, SHA256: "0123456789abcdef"}}}
	return ReleasesPage{Page: in, Releases: []board.Release{made, {Number: 2, State: board.ReleaseWaits, Asked: asked}}, Months: []board.Month{24322, 24320}, Makes: true, Asked: asked, Plan: &asked, Fault: fault("from")}
}
