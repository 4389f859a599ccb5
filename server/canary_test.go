package server

import (
	"archive/zip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	escape "html"
	"io"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/xuri/excelize/v2"

	"convivio/store"
	"convivio/store/board"
	"convivio/templates"
	"convivio/templates/words"
)

// canaryTeams are the teams of the canary company: the last two are too small to be
// named, and so is the last site.
var canaryTeams = []string{"Logistica", "Officina", "Vendite", "CNRYteam", "CNRYreparto"}

// canaryFront is a company with three closed months in which everything that no
// figure may tell of begins with CNRY: names and e-mail addresses, small teams and
// sites, a private board of six (P-27), and every word that is written.
func canaryFront(t *testing.T) (f *front, talked []board.Month) {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	f = newFront(t, nil)
	f.boards()
	if _, err := f.store.AddBoard(f.Context(), f.people["admin"], board.NewBoard{Slug: "segreta", Name: "CNRYboard", Visibility: board.Private}, ""); err != nil {
		t.Fatal(err)
	}
	for i := range 54 {
		team, site := canaryStands(i)
		key := fmt.Sprintf("c%d", i)
		made, _, err := f.store.AddPerson(f.Context(), store.Operator(), board.NewPerson{
			Email: fmt.Sprintf("cnrymail%d@example.com", i), Name: fmt.Sprintf("CNRYname %c%c", 'A'+i/26, 'a'+i%26), Kind: board.Employee, Team: team, Site: site})
		if err != nil {
			t.Fatal(err)
		}
		f.people[key] = board.Who{ID: made.ID, Name: made.Name, Kind: board.Employee}
		if i%9 == 0 {
			if _, err := f.store.AddMember(f.Context(), f.people["admin"], "segreta", made.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	f.employ("Rita Risorse", "rita", "Logistica", board.HR)
	f.employ("Carlo Consiglio", "carlo", "Officina", board.Council)
	f.employ("Ugo Revisore", "ugo", "Vendite", board.Auditor)
	for month := range 3 {
		talked = append(talked, board.MonthOf(time.Now().Add(time.Duration(f.ahead.Load())).In(zone)))
		f.canaryMonth(month)
		f.ahead.Add(int64(32 * 24 * time.Hour))
	}
	f.ahead.Add(int64(4 * 24 * time.Hour))
	if err := f.store.CloseMonths(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.makesReleases()
	return f, talked
}

// canaryMonth has the company talk: in small teams and sites one or two do.
func (f *front) canaryMonth(month int) {
	f.Helper()
	for i := range 54 {
		if !canaryActs(month, i) {
			continue
		}
		who, slug := f.people[fmt.Sprintf("c%d", i)], "aperta"
		if i%9 == 0 {
			slug = "segreta"
		}
		idea, err := f.store.AddIdea(f.Context(), who, slug, board.NewIdea{Title: fmt.Sprintf("CNRYtitle %d %d", month, i), Body: "CNRYbody"}, "")
		if err == nil {
			_, err = f.store.Vote(f.Context(), who, idea.ID)
		}
		if err == nil && i%2 == 0 {
			_, err = f.store.Reply(f.Context(), who, idea.ID, board.NewComment{Body: "CNRYcomment"}, "")
		}
		if err != nil {
			f.Fatal(err)
		}
	}
}

// canaryActs tells whether one of the company posts an idea and votes for it in a
// month; every second one comments on it.
func canaryActs(month, i int) bool { return (i+month)%3 != 1 || i%4 == 0 }

// canaryStands is where one of the company stands.
func canaryStands(i int) (team, site string) {
	team, site = canaryTeams[i%3], [...]string{"Sede", "Milano"}[i/3%2]
	switch {
	case i >= 50:
		team = canaryTeams[3+i%2]
	case i >= 46:
		site = "CNRYsite"
	}
	return team, site
}

// canaryIn is where a canary stands, with what is around it.
func canaryIn(text string) (string, bool) {
	n := strings.Index(strings.ToLower(text), "cnry")
	if n < 0 {
		return "", false
	}
	return text[max(0, n-40):min(len(text), n+40)], true
}

// figurePaths are all addresses at which figures stand.
func figurePaths(months []board.Month) (paths []string) {
	for _, rung := range []string{"", "/listen", "/respond", "/amplify", "/lead", "/health"} {
		for _, by := range []string{"", "company", "team", "site", "board"} {
			for _, m := range months {
				paths = append(paths, fmt.Sprintf("/figures%s?by=%s&month=%s", rung, by, m))
			}
			paths = append(paths, fmt.Sprintf("/figures%s?by=%s&span=24", rung, by))
		}
	}
	for _, by := range []string{"", "company", "team", "site", "board"} {
		paths = append(paths, fmt.Sprintf("/api/v1/figures?by=%s&from=0001-01&to=9999-12", by))
	}
	paths = append(paths, "/figures", "/figures/releases", "/releases", "/releases?part=1", "/privacy/collected", "/api/v1/figures", "/api/v1/figures/months", "/api/v1/releases")
	for n := range 3 {
		paths = append(paths, fmt.Sprintf("/releases/%d", n), fmt.Sprintf("/releases/%d?part=1", n), fmt.Sprintf("/api/v1/releases/%d", n))
		for _, file := range releaseFiles {
			paths = append(paths, fmt.Sprintf("/releases/%d/files/%s", n, file), fmt.Sprintf("/api/v1/releases/%d/files/%s", n, file))
		}
	}
	return paths
}

var releaseFiles = []string{"figures.xlsx", "figures.csv", "figures.jsonl", "dictionary.csv", "manifest.json"}

// TestNoFigureTellsOfAPerson is P-17: every way that figures leave by, asked by
// everybody, with canaries for whatever they must not tell; and what is hidden is
// hidden the same on pages, in the API, in every file and in the drawing of charts.
func TestNoFigureTellsOfAPerson(t *testing.T) {
	f, talked := canaryFront(t)
	f.withHub()
	rita := f.as("rita")
	ws, _ := rita.listen("board=aperta")
	quiet, _ := f.as("anna").listen("board=aperta")
	months, err := f.store.Months(t.Context(), f.people["rita"])
	if err != nil || len(months) < 3 {
		t.Fatalf("closed are %v, %v", months, err)
	}
	for i, lang := range []string{"it", "en"} {
		form := askFor(months[0])
		form.Set("from", months[len(months)-1].String())
		form.Set("lang", lang)
		rita.post("/releases", form).leads(fmt.Sprintf("/releases/%d", i+1))
	}
	seen := f.crawlFigures(figurePaths(months))
	for name, least := range map[string]int{"rita": 120, "carlo": 120, "anna": 20} {
		if seen[name] < least {
			t.Errorf("%s sees %d pages and files: the crawl saw little", name, seen[name])
		}
	}
	if seen["guest"] > 1 || seen["nobody"] > 0 { // a guest reads what is collected
		t.Errorf("a guest sees %d figures, nobody %d", seen["guest"], seen["nobody"])
	}
	if _, err := f.store.AddIdea(t.Context(), f.people["anna"], "aperta", board.NewIdea{Title: "Ultima"}, ""); err != nil {
		t.Fatal(err)
	}
	for _, conn := range []*websocket.Conn{ws, quiet} {
		f.framesTellNothing(conn)
	}
	f.auditTellsNothing()
	if at, found := canaryIn(f.log.String()); found {
		t.Errorf("the log says …%s…", at)
	}
	figures := f.apiFigures(months)
	for k, x := range figures { // P-27
		if k.by == board.ByBoard && x.Others > 0 && k.measure != board.Entitled && x.State == board.FigureExact {
			t.Errorf("of eight people on private boards is told: %+v", x)
		}
	}
	f.onlyWhatIsPublished(figures, months)
	for month, m := range talked {
		f.attackerLearnsNothing(figures, month, m)
	}
	f.filesAgree(figures)
	f.pagesAgree(figures, months)
	f.nothingOpensMore(months[0])
}

// crawlFigures asks every address as everybody, and counts what is answered.
func (f *front) crawlFigures(paths []string) map[string]int {
	f.Helper()
	seen := map[string]int{}
	for name, who := range map[string][2]*browser{
		"rita": {f.as("rita"), f.program("rita")}, "carlo": {f.as("carlo"), f.program("carlo")}, "anna": {f.as("anna"), f.program("anna")},
		"guest": {f.as("guest"), f.program("guest")}, "nobody": {f.nobody(), f.nobody()},
	} {
		who[0].header.Set("Accept-Language", map[string]string{"rita": "it"}[name])
		for _, path := range paths {
			asks := who[0]
			if isAPI(path) {
				asks = who[1]
			}
			got := asks.get(path)
			if got.status == http.StatusOK {
				seen[name]++
			}
			if got.status >= 500 {
				f.Errorf("GET %s as %s: %d", path, name, got.status)
			}
			texts := map[string]string{"": got.body + fmt.Sprint(got.header)}
			if strings.HasPrefix(got.body, "PK") {
				texts = f.unzipped(got.body)
			}
			for part, text := range texts {
				if at, found := canaryIn(text); found {
					f.Errorf("GET %s %s as %s tells …%s…", path, part, name, at)
				}
			}
		}
	}
	return seen
}

// unzipped are the parts of a spreadsheet, with their names.
func (f *front) unzipped(book string) map[string]string {
	f.Helper()
	archive, err := zip.NewReader(strings.NewReader(book), int64(len(book)))
	if err != nil {
		f.Fatal(err)
	}
	parts := map[string]string{}
	for _, part := range archive.File {
		r, err := part.Open()
		if err != nil {
			f.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			f.Fatal(err)
		}
		parts[part.Name] = part.Name + part.Comment + string(part.Extra) + string(text)
	}
	return parts
}

// framesTellNothing reads live frames until that of the last idea: none is about
// figures or releases.
func (f *front) framesTellNothing(ws *websocket.Conn) {
	f.Helper()
	_ = ws.SetReadDeadline(time.Now().Add(30 * time.Second))
	for {
		_, frame, err := ws.ReadMessage()
		if err != nil {
			f.Fatal(err)
		}
		if at, found := canaryIn(string(frame)); found || strings.Contains(string(frame), `"release`) {
			f.Errorf("a live frame tells …%s… in %.200s", at, frame)
		}
		if strings.Contains(string(frame), fmt.Sprintf(`"seq":%d`, f.store.Head())) {
			return
		}
	}
}

// auditTellsNothing reads what the audit log says of releases.
func (f *front) auditTellsNothing() {
	f.Helper()
	ugo, said := f.as("ugo"), 0
	for _, act := range board.Acts {
		if !strings.HasPrefix(string(act), "release") && !strings.HasPrefix(string(act), "figure") {
			continue
		}
		for _, path := range []string{"/audit?act=", "/audit/export?format=csv&act=", "/audit/export?act="} {
			got := ugo.get(path + string(act)).has(200)
			if at, found := canaryIn(got.body); found {
				f.Errorf("%s%s tells …%s…", path, act, at)
			}
			said += strings.Count(got.body, "Rita Risorse")
		}
	}
	if said < 10 {
		f.Errorf("releases stand %d times in the audit log", said)
	}
}

// figureOf is which figure one is, and apiFigures are all there are as HR reads them.
type figureOf struct {
	month   board.Month
	measure board.Measure
	by      board.Dimension
	unit    string
}

func (f *front) apiFigures(months []board.Month) map[figureOf]board.Figure {
	f.Helper()
	out, hidden := map[figureOf]board.Figure{}, 0
	rita := f.program("rita")
	for _, by := range board.Dimensions {
		var list board.List[board.Figure]
		got := rita.get(fmt.Sprintf("/api/v1/figures?by=%s&from=%s&to=%s", by, months[len(months)-1], months[0])).has(200)
		if err := json.Unmarshal([]byte(got.body), &list); err != nil {
			f.Fatal(err)
		}
		for _, x := range list.Items {
			if x.State != board.FigureExact {
				hidden++
				if x.Value != 0 {
					f.Errorf("a hidden figure has a value: %+v", x)
				}
			}
			out[keyOf("en", x)] = x
		}
	}
	if hidden < 10 || len(out)-hidden < 50 {
		f.Errorf("%d figures, %d of them hidden: this test holds little", len(out), hidden)
	}
	return out
}

// onlyWhatIsPublished asks for thousands of stretches of months, with whatever else
// an address can say: each answer has numbers of the one published table, and no
// other.
func (f *front) onlyWhatIsPublished(figures map[figureOf]board.Figure, months []board.Month) {
	f.Helper()
	rita, asked, got := f.program("rita"), 0, 0
	ends := []string{"", "0001-01", "9999-12", (months[0] + 1).String(), (months[len(months)-1] - 1).String(), "2026-13", "-1"}
	for _, m := range months {
		ends = append(ends, m.String())
	}
	for _, by := range []string{"", "company", "team", "site", "board", "TEAM"} {
		for _, from := range ends {
			for _, to := range ends {
				for _, more := range []string{"", "&limit=1&k=1&unit=CNRYteam&except=4&measure=votes"} {
					asked++
					answer := rita.get("/api/v1/figures?by=" + by + "&from=" + from + "&to=" + to + more)
					if answer.status != http.StatusOK {
						continue
					}
					var list board.List[board.Figure]
					if err := json.Unmarshal([]byte(answer.body), &list); err != nil {
						f.Fatal(err)
					}
					for _, x := range list.Items {
						if got++; figures[keyOf("en", x)] != x {
							f.Errorf("from %q to %q by %q%s gives %+v, published is %+v", from, to, by, more, x, figures[keyOf("en", x)])
						}
					}
				}
			}
		}
	}
	if asked < 1000 || got < 5_000 {
		f.Errorf("%d answers with %d figures: this test holds little", asked, got)
	}
}

func keyOf(lang string, x board.Figure) figureOf {
	return figureOf{x.Month, x.Measure, x.By, words.Unit(lang, x)}
}

// filesAgree compares the files of the English release with the API.
func (f *front) filesAgree(figures map[figureOf]board.Figure) {
	f.Helper()
	rita := f.as("rita")
	file := func(name string) string { return rita.get("/releases/2/files/" + name).has(200).body }
	same := func(where string, k figureOf, state board.FigureState, value float64) {
		f.Helper()
		want, ok := figures[k]
		if !ok || want.State != state || math.Abs(want.Value-value) > 1e-9 {
			f.Errorf("%s: %+v is %s %v, in the API %s %v", where, k, state, value, want.State, want.Value)
		}
	}
	n := 0
	for lines := json.NewDecoder(strings.NewReader(file("figures.jsonl"))); lines.More(); n++ {
		var x board.Figure
		if err := lines.Decode(&x); err != nil {
			f.Fatal(err)
		}
		same("JSONL", keyOf("en", x), x.State, x.Value)
	}
	states, titles, dimensions := map[string]board.FigureState{"–": board.FigureNone}, map[string]board.Measure{}, map[string]board.Dimension{}
	for _, s := range []board.FigureState{board.FigureExact, board.FigureFew, board.FigureNearlyAll, board.FigureProtected, board.FigureNone} {
		states[words.FigureState("en", s)] = s
	}
	for _, d := range board.Definitions {
		titles[words.Measure("en", d.Measure).Title] = d.Measure
	}
	for _, by := range board.Dimensions {
		dimensions[words.Dimension("en", by)] = by
	}
	table := csv.NewReader(strings.NewReader(strings.TrimPrefix(file("figures.csv"), "\ufeff")))
	table.Comma = ';'
	rows, err := table.ReadAll()
	if err != nil || len(rows) != len(figures)+1 || n != len(figures) {
		f.Fatalf("%d rows and %d lines of %d figures, %v", len(rows), n, len(figures), err)
	}
	for _, row := range rows[1:] {
		month, err := board.ParseMonth(row[0])
		if err != nil {
			f.Fatal(err)
		}
		value, _ := strconv.ParseFloat(row[6], 64)
		same("CSV", figureOf{month, board.Measure(row[4]), dimensions[row[1]], row[2]}, states[row[7]], value)
	}
	f.sheetsAgree(file("figures.xlsx"), titles, states, same)
}

// sheetsAgree reads the sheets of the breakdowns: month, unit, then measures.
func (f *front) sheetsAgree(book string, titles map[string]board.Measure, states map[string]board.FigureState, same func(string, figureOf, board.FigureState, float64)) {
	f.Helper()
	x, err := excelize.OpenReader(strings.NewReader(book))
	if err != nil {
		f.Fatal(err)
	}
	defer x.Close()
	cells := 0
	for name, by := range map[string]board.Dimension{"Teams": board.ByTeam, "Sites": board.BySite, "Boards": board.ByBoard} {
		rows, err := x.GetRows(name, excelize.Options{RawCellValue: true})
		if err != nil {
			f.Fatal(err)
		}
		for _, row := range rows[1:] {
			day, err := strconv.Atoi(row[0])
			if err != nil {
				f.Fatal(err)
			}
			month := board.MonthOf(time.Date(1899, 12, 30+day, 0, 0, 0, 0, time.UTC))
			for i, text := range row[2:] {
				if text == "" {
					continue
				}
				state, hidden := states[text]
				value, err := strconv.ParseFloat(text, 64)
				if hidden == (err == nil) {
					f.Errorf("a cell says %q", text)
				}
				if !hidden {
					state = board.FigureExact
				}
				same("XLSX", figureOf{month, titles[rows[0][2+i]], by, row[1]}, state, value)
				cells++
			}
		}
	}
	if cells < 50 {
		f.Errorf("%d cells", cells)
	}
}

var (
	breakdownRow  = regexp.MustCompile(`(?s)<tr><th scope="row" dir="auto">(.*?)</th>(.*?)</tr>`)
	breakdownCell = regexp.MustCompile(`(?s)<td class="num(?: less)?">(.*?)</td>`)
	chartDots     = regexp.MustCompile(`M[0-9.]+,([0-9.]+)h0`)
)

// pagesAgree reads the breakdowns of the pages, and of their sparklines a dot for
// each figure that is shown.
func (f *front) pagesAgree(figures map[figureOf]board.Figure, months []board.Month) {
	f.Helper()
	rita, cells, dots := f.as("rita"), 0, 0
	rita.header.Set("Accept-Language", "en")
	for _, rung := range []board.Rung{board.Listen, board.Respond, board.Amplify, board.Lead, board.Health} {
		for _, by := range []board.Dimension{board.ByTeam, board.BySite, board.ByBoard} {
			page := rita.get(fmt.Sprintf("/figures/%s?by=%s", rung, by)).has(200)
			columns, trend := templates.FigureColumns(rung, by)
			for _, row := range breakdownRow.FindAllStringSubmatch(page.body, -1) {
				unit := escape.UnescapeString(row[1])
				shown := breakdownCell.FindAllStringSubmatch(row[2], -1)
				if len(shown) != len(columns) {
					f.Fatalf("%s by %s: %d cells of %v", rung, by, len(shown), columns)
				}
				for i, m := range columns {
					x, ok := figures[figureOf{months[0], m, by, unit}]
					hidden := strings.Contains(shown[i][1], "hidden-figure")
					if !ok || hidden == (x.State == board.FigureExact) || hidden && !strings.Contains(shown[i][1], escape.EscapeString(words.FigureState("en", x.State))) {
						f.Errorf("%s by %s: %s of %q is %s, in the API %s", rung, by, m, unit, shown[i][1], x.State)
					}
					cells++
				}
				want := 0
				for _, m := range months {
					if figures[figureOf{m, trend, by, unit}].State == board.FigureExact {
						want++
					}
				}
				drawn := len(chartDots.FindAllString(row[2], -1))
				if dots += drawn; drawn != want && drawn > 0 { // of small units none is drawn at all
					f.Errorf("%s by %s: a chart of %q has %d dots for %d figures", rung, by, unit, drawn, want)
				}
			}
		}
	}
	if cells < 50 || dots < 3 {
		f.Errorf("%d cells and %d dots: this test holds little", cells, dots)
	}
}

// nothingOpensMore tries what an address could ask for beyond what is offered:
// smaller groups, other orders, two dimensions, single units.
func (f *front) nothingOpensMore(month board.Month) {
	f.Helper()
	rita, program := f.as("rita"), f.program("rita")
	for _, base := range []string{"/figures/listen?by=team&month=" + month.String(), "/api/v1/figures?by=team&from=" + month.String()} {
		asks := rita
		if isAPI(base) {
			asks = program
		}
		plain := asks.get(base).has(200).body
		for _, more := range []string{"k=1", "min_group=0", "least_group=1", "sort=value", "order=desc", "state=exact", "hidden=true", "team=3", "unit=Logistica", "others=1",
			"site=Sede", "except=3", "role=hr", "from_day=1", "then=site", "limit=1", "offset=2"} {
			if got := asks.get(base + "&" + more); got.status == http.StatusOK && bare(got.body, more) != bare(plain, more) {
				f.Errorf("%s&%s shows something else: %d, %.300s", base, more, got.status, got.body)
			}
		}
	}
	for _, path := range []string{"/figures/team", "/figures/team/1", "/figures/listen/1", "/figures/listen/Logistica", "/api/v1/figures/team", "/api/v1/figures/1", "/figures/people", "/releases/1/files/figure"} {
		asks := rita
		if isAPI(path) {
			asks = program
		}
		asks.get(path).has(404)
	}
}

// bare is a page without its forms' keys and without the address it was asked by.
func bare(body, more string) string {
	body = escape.UnescapeString(formKeys.ReplaceAllString(body, ""))
	return strings.NewReplacer("&"+more, "", url.QueryEscape("&"+more), "").Replace(body)
}

// TestTwoDimensionsAreRefused wherever figures are asked for, in words that say why;
// in a release each breakdown stands by itself.
func TestTwoDimensionsAreRefused(t *testing.T) {
	f, month := closedFront(t)
	rita, program := f.as("rita"), f.program("rita")
	const one = "Figures are by one thing at a time: company, team, site or board."
	for _, q := range []string{"by=team&by=site", "by=site&by=board&month=" + month.String(), "by=company&by=team", "by=team&by=team"} {
		rita.get("/figures?"+q).has(422, one)
		rita.get("/figures/listen?"+q).has(422, one)
		program.get("/api/v1/figures?"+q).has(422, one)
	}
	for _, q := range []string{"by=team,site", "by=team%2Bsite", "by=teamsite", "by=person", "by=team+site", "by=role"} {
		rita.get("/figures/listen?"+q).has(422, "Figures are by company, team, site or board.")
		program.get("/api/v1/figures?"+q).has(422, "company")
		form := askFor(month)
		form["by"] = []string{strings.TrimPrefix(q, "by=")}
		rita.post("/releases", form).has(422, "Figures are by company, team, site or board.")
	}
	rita.post("/releases", askFor(month)).leads("/releases/1")
	for line := range strings.Lines(rita.get("/releases/1/files/figures.jsonl").has(200).body) {
		var x map[string]any
		if err := json.Unmarshal([]byte(line), &x); err != nil {
			t.Fatal(err)
		}
		if by, ok := x["by"].(string); !ok || !slices.Contains(board.Dimensions, board.Dimension(by)) {
			t.Errorf("a figure is by %v", x["by"])
		}
	}
}
