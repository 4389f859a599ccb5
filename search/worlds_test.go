package search_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"convivio/store/board"
)

// world is a company with a board out of most people's sight. What is written
// there is all that worlds differ by; where it says nothing, it was deleted.
func world(t *testing.T, secret func(n int) string) *house {
	t.Helper()
	h := open(t)
	one, two := h.addBoard("mensa", false), h.addBoard("lavoro", false)
	private := h.addBoard("direzione", true, member.ID)
	forGuest := h.addBoard("fornitori", false, guest.ID)
	stuff := strings.Fields("mensa orario estivo bicicletta parcheggio riunione stampante ufficio finestra caldo freddo tavolo menu verdura colazione turno ferie badge navetta sconto")
	for i := range 120 {
		on := []int64{one, two, forGuest}[i%3]
		text := fmt.Sprintf("%s %s %s %s", stuff[i%len(stuff)], stuff[(i*7+3)%len(stuff)], stuff[(i*3+1)%len(stuff)], stuff[(i*11+5)%len(stuff)])
		idea := h.addIdea(on, "Proposta su "+text, "Vorrei parlare di "+text+" nella nostra azienda.", stuff[i%len(stuff)])
		h.addComment(idea, "Anche secondo me "+stuff[(i+4)%len(stuff)]+" conta.")
		if i%5 == 0 {
			h.addAnswer(idea, "Grazie, ne parliamo: "+stuff[(i+9)%len(stuff)])
		}
		if i%3 != 0 {
			continue
		}
		hidden := h.addIdea(private, "Riservato "+secret(i), secret(i), "licenziamenti")
		comment := h.addComment(hidden, secret(i))
		h.stage(hidden, board.Planned)
		if secret(i) == "" {
			h.deleteComment(comment)
			h.deleteIdea(hidden)
		}
	}
	h.settle()
	return h
}

// answers is everything a reader can get out of a search, page by page, without
// what takes time and what is sealed.
func (h *house) answers(who board.Who, q board.Query) string {
	h.t.Helper()
	var b strings.Builder
	for range 8 {
		found, err := h.x.Search(context.Background(), who, q)
		found.TookUS = 0
		more := found.Next
		found.Next = ""
		whole, jsonErr := json.Marshal(found)
		if jsonErr != nil {
			h.t.Fatal(jsonErr)
		}
		fmt.Fprintf(&b, "%s %q %v %t\n", whole, found.Normal, err, more != "")
		for _, hit := range found.Hits {
			fmt.Fprintf(&b, "%q %s %s\n", hit.Headline, hit.Lang, hit.BoardName)
		}
		if q.Cursor = more; more == "" {
			break
		}
	}
	return b.String()
}

// asks are searches of every kind, most of them for what stands on the private board.
var asks = []board.Query{
	{Q: "mensa"}, {Q: "mensa "}, {Q: "ristrutturazione"}, {Q: "ristruttur"}, {Q: "ris"}, {Q: "licenziamenti"}, {Q: "tag:licenziamenti"}, {Q: "board:direzione"}, {Q: "-board:direzione mensa"},
	{Q: "mensa ristrutturazione "}, {Q: "mensa orario estivo caldo freddo ristrutturazione in ufficio "}, {Q: "come si parla di ristrutturazione della mensa e della bicicletta"},
	{Q: `"piano segreto"`}, {Q: `"mensa orario"`}, {Q: "mensa -ristrutturazione"}, {Q: "mensa -orario"}, {Q: "ristruturazione"}, {Q: "bicicleta "}, {Q: "mensaa "}, {Q: "parchegio ristrutturazione "},
	{Q: "stage:planned"}, {Q: "mensa stage:planned"}, {Q: "is:unanswered"}, {Q: "is:answered mensa"}, {Q: "mensa", Sort: board.ByNewest}, {Q: "mensa", Sort: board.ByVotes}, {Q: "orario", Limit: 3},
	{Q: "mensa", Year: 2026}, {Q: "mensa", TextIn: "it"}, {Q: "mensa", Author: 1}, {Q: "mensa", Idea: 1}, {Q: "mensa", Idea: 4}, {Q: "has:attachment"}, {Q: "mensa ristrutturazione", Exact: true}, {Stage: board.Planned},
}

// What stands on a board out of sight changes nothing a reader gets: results,
// their order, words, counts, facets, corrections, pages, similar ideas and titles.
func TestTwoWorlds(t *testing.T) {
	quiet := world(t, func(int) string { return "" })
	loud := world(t, func(n int) string {
		return []string{"mensa ristrutturazione piano segreto", "bicicleta mensaa orario piano segreto", "parchegio caldo freddo tavolo ristrutturazione"}[n%9/3]
	})
	differ := 0
	for _, q := range asks {
		for _, who := range []board.Who{employee, guest, {ID: 99, Kind: board.Guest}} {
			a, b := quiet.answers(who, q), loud.answers(who, q)
			if a != b {
				t.Errorf("%+v for %s %d:\n%.600s\n%.600s", q, who.Kind, who.ID, a, b)
			}
		}
		if quiet.answers(member, q) != loud.answers(member, q) {
			differ++
		}
	}
	if differ < len(asks)/2 {
		t.Errorf("only %d of %d searches differ for those who may see: the test would prove little", differ, len(asks))
	}
	for _, text := range []string{"Proposta su mensa ristrutturazione", "Riservato piano segreto", "orario estivo della mensa bicicleta"} {
		for _, who := range []board.Who{employee, guest} {
			if a, b := quiet.alike(who, text), loud.alike(who, text); !slices.Equal(a, b) {
				t.Errorf("like %q for %s: %v, %v", text, who.Kind, a, b)
			}
		}
	}
}

// alike are the ideas similar to a text, and those titled with its first word.
func (h *house) alike(who board.Who, text string) (list []string) {
	h.t.Helper()
	similar, err := h.x.Similar(context.Background(), who, text, 0, 5)
	if err != nil {
		h.t.Fatal(err)
	}
	titled, err := h.x.Titled(context.Background(), who, strings.Fields(text)[0], 5)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, hit := range append(similar, titled...) {
		list = append(list, hit.Title)
	}
	return list
}
