package server

import (
	"net/http"
	"strings"
	"testing"
)

// How long a search took stands on every answer of a search, in the figures and
// on the page of administrators; nowhere is what was looked for.
func TestSearchesAreTimed(t *testing.T) {
	f := newFront(t, withIndex(t))
	f.boards()
	f.idea("anna", "aperta", "Mensa con verdura zafferano")
	f.indexed()
	anna := f.as("anna")
	if f.as("admin").get("/admin/state").has(http.StatusOK, "Nobody has searched since the start."); strings.Contains(f.as("admin").get("/admin/state").body, "Half are answered") {
		t.Error("figures of no searches are shown")
	}
	for _, path := range []string{"/search?q=zafferano", "/search?q=zafferano&part=1", "/api/v1/search?q=zafferano", "/complete?q=%23zaff&board=aperta"} {
		answer := anna.get(path).has(http.StatusOK)
		if timing := answer.header.Get("Server-Timing"); !strings.Contains(timing, "search;dur=") {
			t.Errorf("%s: Server-Timing %q", path, timing)
		}
	}
	figures := f.nobody().get("/metrics").has(http.StatusOK, `convivio_search_seconds{what="search",quantile="0.5"}`,
		`convivio_search_seconds{what="search",quantile="0.99"}`, `convivio_search_seconds_count{what="search"} 3`, `convivio_search_seconds_count{what="titled"} 1`)
	if strings.Contains(figures.body, "zafferano") {
		t.Error("the figures tell what was looked for")
	}
	f.as("admin").get("/admin/state?part=1").has(http.StatusOK, "Half are answered within")
}
