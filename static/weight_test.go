package static

import "testing"

// What a page may weigh when it is first visited, in bytes as brotli sends them.
const (
	scriptBudget = 25 << 10
	workerBudget = 5 << 10 // fetched after the page has loaded, and once for each build
)

func TestTheScriptsOfAPageAreLight(t *testing.T) {
	total := 0
	for _, f := range load().files {
		if f.kind == kinds[".js"] {
			total += weight(f.plain)
		}
	}
	if total > scriptBudget {
		t.Errorf("the scripts weigh %d bytes; %d are allowed. Write tighter, or leave something out", total, scriptBudget)
	}
	if n := weight(Worker(map[string]string{"en": "/offline?lang=en", "it": "/offline?lang=it"})); n > workerBudget {
		t.Errorf("the service worker weighs %d bytes; %d are allowed", n, workerBudget)
	}
}

// weight is what brotli makes of a text.
func weight(text []byte) int { return len(encodings(text, "text/plain")[0].body) }
