package server

import (
	"encoding/json"
	"hash/fnv"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"convivio/static"
	"convivio/store/board"
	"convivio/templates"
	"convivio/templates/words"
)

// What makes the pages an app that can be installed, and read without a connection.

func (s *Server) appRoutes() {
	s.route("GET", "/manifest.webmanifest", open, s.showManifest)
	s.route("GET", "/sw.js", open, s.showWorker)
	s.route("GET", "/offline", anyone, s.showOffline)
}

var (
	manifestType = []string{"application/manifest+json"}
	scriptType   = []string{"text/javascript; charset=utf-8"}
)

// manifest is what a phone needs to know to put the app among its own.
type manifest struct {
	ID          string         `json:"id"`
	Name        string         `json:"name"`
	ShortName   string         `json:"short_name"`
	Description string         `json:"description"`
	Lang        string         `json:"lang"`
	StartURL    string         `json:"start_url"`
	Scope       string         `json:"scope"`
	Display     string         `json:"display"`
	Theme       string         `json:"theme_color"`
	Background  string         `json:"background_color"`
	Icons       []manifestIcon `json:"icons"`
	Shortcuts   []shortcut     `json:"shortcuts"`
}

type manifestIcon struct {
	Source  string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

type shortcut struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// showManifest answers in the language the page asks for.
func (s *Server) showManifest(r *request) error {
	r.langOfQuery()
	paper, _ := static.Colour("paper")
	png := func(name, sizes, purpose string) manifestIcon {
		return manifestIcon{static.Path("img/" + name), sizes, "image/png", purpose}
	}
	b, err := json.Marshal(manifest{
		ID: "/", Name: "Convivio", ShortName: "Convivio", Description: words.T(r.lang, "Where conversations become decisions"), Lang: r.lang,
		StartURL: "/", Scope: "/", Display: "standalone", Theme: paper, Background: paper,
		Icons: []manifestIcon{
			png("icon-192.png", "192x192", "any"), png("icon-512.png", "512x512", "any"), png("icon-maskable-512.png", "512x512", "maskable"),
			{static.Path("img/convivio.svg"), "any", "image/svg+xml", "any"},
		},
		Shortcuts: []shortcut{{words.T(r.lang, "New idea"), "/ideas/new"}, {words.T(r.lang, "Search"), "/search"}},
	})
	if err != nil {
		return err
	}
	r.w.Header()["Cache-Control"] = []string{"no-cache"}
	return r.send(http.StatusOK, manifestType, b)
}

// worker is the service worker's script, the same for everybody.
var worker = sync.OnceValue(func() []byte {
	offline := map[string]string{}
	for _, lang := range words.Langs {
		offline[lang] = "/offline?lang=" + lang
	}
	return static.Worker(offline)
})

// showWorker stands at the root, because a worker looks after its own folder.
func (s *Server) showWorker(r *request) error {
	r.w.Header()["Cache-Control"] = []string{"no-cache"}
	return r.send(http.StatusOK, scriptType, worker())
}

// showOffline is the page shown where there is no connection and no copy. It is
// kept on the device, so nothing of anybody stands on it.
func (s *Server) showOffline(r *request) error {
	r.langOfQuery()
	return r.page(templates.Offline(templates.OfflinePage{Page: templates.Page{Lang: r.lang, Path: "/"}}))
}

// langOfQuery takes ?lang= where the answer is the same for everybody.
func (r *request) langOfQuery() {
	if lang := r.query("lang"); slices.Contains(words.Langs, lang) {
		r.lang = lang
	}
}

// keepable are the pages of which a device may keep a copy to read without a
// connection: what people talk about, not what they administer, nor other people.
var keepable = map[string]bool{
	"/": true, "/mine": true, "/boards": true, "/boards/:slug": true, "/ideas/:id": true, "/comments/:id": true, "/notices": true,
}

// tellDevice says for whom a page is, so that copies of anybody else's are erased
// (worker/pages.js), and whether the device may keep one. A reader who sees other
// boards than before is another one to it, also where an open board was made
// private, and so is one in another language; whoever uses a shared device is nobody.
func (r *request) tellDevice(boards []board.Board) {
	h := r.w.Header()
	if r.who.ID == 0 || r.login.Shared {
		h.Set("Convivio-Reader", "0.."+r.lang)
		return
	}
	sees := fnv.New64a()
	for _, b := range boards {
		_, _ = sees.Write([]byte(b.Slug + " " + string(b.Visibility) + " "))
	}
	h.Set("Convivio-Reader", strconv.FormatInt(r.who.ID, 10)+"."+strconv.FormatUint(sees.Sum64(), 36)+"."+r.lang)
	if r.route != nil && keepable[r.route.Path] && r.Method == http.MethodGet {
		h.Set("Convivio-Keep", "yes")
	}
}

// checkSender refuses what a device has kept to send for one person and sends
// while another is signed in. Errors: unauthorized.
func (r *request) checkSender() error {
	if sender := r.Header.Get("Convivio-Sender"); sender != "" && sender != strconv.FormatInt(r.who.ID, 10) {
		return board.Fault(board.Unauthorized, "Sign in to go on.")
	}
	return nil
}
