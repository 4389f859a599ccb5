package server

import (
	"fmt"
	"strings"
	"testing"

	"convivio/store/board"
)

// posted posts an idea.
func (f *front) posted(who, slug, title string) board.Idea {
	f.Helper()
	i, err := f.store.AddIdea(f.Context(), f.people[who], slug, board.NewIdea{Title: title, Body: "Perché no?"}, "")
	if err != nil {
		f.Fatal(err)
	}
	return i
}

func TestADuplicateIsMergedAndSeparatedOnItsPages(t *testing.T) {
	f := newFront(t, withIndex(t))
	f.boards()
	dup, sur := f.posted("anna", "aperta", "Bici tra i reparti"), f.posted("bruno", "aperta", "Biciclette per gli stabilimenti")
	said, err := f.store.Reply(f.Context(), f.people["bruno"], dup.ID, board.NewComment{Body: "Dodici minuti."}, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.store.Vote(f.Context(), f.people["anna"], dup.ID); err != nil {
		t.Fatal(err)
	}
	mod, anna := f.as("mod"), f.as("anna")
	path := fmt.Sprint("/ideas/", dup.ID)
	mod.get(path).has(200, path+"/merge")
	anna.get(path + "/merge").has(403)
	mod.get(path+fmt.Sprint("/merge?into=", sur.ID)).has(200, dup.Title, sur.Title, `name="reason"`)
	mod.get(path+fmt.Sprint("/merge?q=%23", sur.ID)).has(200, sur.Title, `name="reason"`)
	mod.get(path+fmt.Sprint("/merge?into=", dup.ID)).has(200, "itself")
	mod.post(path+"/merge", fields("into", fmt.Sprint(sur.ID), "reason", "")).has(422, dup.Title)
	mod.post(path+"/merge", fields("into", fmt.Sprint(sur.ID), "reason", "Dicono lo stesso."))

	label, err := f.store.Label(f.Context(), dup.ID)
	if err != nil || label == 0 {
		t.Fatalf("label %d, %v", label, err)
	}
	spot := fmt.Sprintf("/ideas/%d?at=%d#c%[2]d", sur.ID, label)
	anna.get(path).leads(spot)
	anna.get(fmt.Sprintf("%s?at=%d", path, said.ID)).leads(fmt.Sprintf("/ideas/%d?at=%d#c%[2]d", sur.ID, said.ID))
	anna.get(fmt.Sprintf("/comments/%d/in-thread", said.ID)).leads(fmt.Sprintf("/ideas/%d?at=%d#c%[2]d", sur.ID, said.ID))
	page := anna.get(fmt.Sprint("/ideas/", sur.ID)).has(200, dup.Title, "Dodici minuti.", "moved-vote")
	if strings.Contains(page.body, "/unmerge") {
		t.Error("somebody who is no moderator may separate ideas")
	}
	anna.get("/boards/aperta").has(200)
	program := f.program("anna")
	program.get("/api/v1"+path).has(200, fmt.Sprintf(`"merged_into":%d`, sur.ID))
	program.get(fmt.Sprintf("/api/v1/ideas/%d/merged", sur.ID)).has(200, dup.Title)
	anna.post(path+"/comments", fields("body", "Scritto tardi.")).leads(fmt.Sprintf("/ideas/%d?at=%d#c%[2]d", sur.ID, said.ID+2))
	mod.get(fmt.Sprint("/ideas/", sur.ID)).has(200, path+"/unmerge")
	mod.post(path+"/unmerge", fields()).leads(path)
	anna.get(path).has(200, dup.Title, "Dodici minuti.")
	anna.get(fmt.Sprint("/ideas/", sur.ID)).has(200, "Scritto tardi.", path)
}

func TestMovingWordsToMoreReadersIsConfirmed(t *testing.T) {
	f := newFront(t, withIndex(t))
	f.boards()
	secret, open := f.posted("anna", "riservata", "Una cosa riservata"), f.posted("bruno", "aperta", "Una cosa aperta")
	mod, bruno := f.as("mod"), f.as("bruno")
	path := fmt.Sprint("/ideas/", secret.ID)
	bruno.get(path).has(404)
	bruno.get(fmt.Sprint("/ideas/", open.ID, "/merge?into=", secret.ID)).has(403)
	for _, form := range [][2]string{{path + "/merge?into=" + fmt.Sprint(open.ID), "into"}, {path + "/move?board=aperta", "board"}} {
		page := mod.get(form[0]).has(200, "Bruno Sala", `name="confirm"`)
		value := map[string]string{"into": fmt.Sprint(open.ID), "board": "aperta"}[form[1]]
		to, _, _ := strings.Cut(form[0], "?")
		mod.post(to, fields(form[1], value, "reason", "Serve a tutti.")).has(409, "Bruno Sala")
		_, sign, _ := strings.Cut(page.body, `type="checkbox" value="`)
		sign, _, _ = strings.Cut(sign, `"`)
		mod.post(to, fields(form[1], value, "reason", "Serve a tutti.", "confirm", "x"+sign)).has(409)
		bruno.get(path).has(404)
		mod.post(to, fields(form[1], value, "reason", "Serve a tutti.", "confirm", sign)).has(303)
		if form[1] == "into" {
			bruno.get(fmt.Sprint("/ideas/", open.ID)).has(200, "Una cosa riservata")
			mod.post(path+"/unmerge", fields()).leads(path)
			bruno.get(path).has(404)
			if now := bruno.get(fmt.Sprint("/ideas/", open.ID)).has(200); strings.Contains(now.body, "riservata") {
				t.Error("words of the private board are left")
			}
		}
	}
	bruno.get(path).has(200, "Una cosa riservata")
	bruno.post(path+"/comments", fields("body", "Ci sono anch'io.")).has(303)
	// The other way: who does not see the board sees the idea no more, and gets the same as for nothing.
	back := mod.get(path+"/move?board=riservata").has(200, "1 person who took part", "Bruno Sala")
	if strings.Contains(back.body, `name="confirm"`) {
		t.Error("fewer readers have to be confirmed")
	}
	mod.post(path+"/move", fields("board", "riservata", "reason", "Non era per tutti.")).leads(path)
	if a, b := sameBut(bruno.get(path), path), sameBut(bruno.get("/ideas/424242"), "/ideas/424242"); a != b {
		t.Errorf("they differ:\n%s\n%s", a, b)
	}
	// An idea of an open board merged into a private one leads nobody there who may not
	// see it: its author to what was decided, others to the same as for nothing.
	mod.post(fmt.Sprint("/ideas/", open.ID, "/merge"), fields("into", fmt.Sprint(secret.ID), "reason", "Stessa cosa.")).has(303)
	old := fmt.Sprint("/ideas/", open.ID)
	led := bruno.get(old).has(303)
	if told := bruno.get(led.header.Get("Location")).has(200, "Stessa cosa."); strings.Contains(told.body, "riservata") {
		t.Error("what was decided names the private idea")
	}
	f.addPerson("carla", board.Employee)
	carla := f.as("carla")
	if a, b := sameBut(carla.get(old), old), sameBut(carla.get("/ideas/424242"), "/ideas/424242"); a != b {
		t.Errorf("the merged idea's address tells more than that of nothing:\n%s\n%s", a, b)
	}
}

func TestACommentBecomesAnIdeaOnItsPage(t *testing.T) {
	f := newFront(t, withIndex(t))
	f.boards()
	idea := f.posted("anna", "aperta", "Mensa")
	said, err := f.store.Reply(f.Context(), f.people["bruno"], idea.ID, board.NewComment{Body: "E i parcheggi?"}, "")
	if err != nil {
		t.Fatal(err)
	}
	mod := f.as("mod")
	path := fmt.Sprintf("/comments/%d/split", said.ID)
	mod.get(fmt.Sprint("/comments/", said.ID)).has(200, path)
	mod.get(path).has(200, "E i parcheggi?", "Bruno Sala")
	f.as("bruno").get(path).has(403)
	mod.post(path, fields("title", " ")).has(422, "E i parcheggi?")
	made := fmt.Sprint("/ideas/", idea.ID+1)
	mod.post(path, fields("title", "Parcheggi")).leads(made)
	f.as("anna").get(fmt.Sprint("/ideas/", idea.ID)).has(200, made)
	f.as("anna").get(made).has(200, "E i parcheggi?", "Bruno Sala")
}
