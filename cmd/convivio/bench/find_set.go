package bench

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"github.com/klauspost/compress/zstd"

	"convivio/store"
)

// The search part measures on conversations from a folder, which it reads
// itself: more posts than the folder has are made of copies with other words,
// see mixer.

// talk is an idea of the set with its comments, oldest first.
type talk struct {
	idea     store.ImportIdea
	comments []store.ImportComment
}

// set is the conversations that a run works with.
type set struct {
	talks  []talk
	posts  int
	made   bool // made up by the bench
	people map[string]bool
}

// key is an id in a folder of conversations, a string or a number there.
type key string

// UnmarshalJSON reads either form.
func (k *key) UnmarshalJSON(b []byte) error {
	*k = key(strings.Trim(string(b), `"`))
	if *k == "null" {
		*k = ""
	}
	return nil
}

// spoken is a line of ideas.jsonl or comments.jsonl.
type spoken struct {
	ID, Idea, Author    key
	Title, Body, Status string
	Lang                string
	Tags                []string
	CreatedAt           time.Time `json:"created_at"`
}

// readSet reads ideas and comments of a folder; what points nowhere is left out.
func readSet(dir string) (*set, error) {
	s := &set{people: map[string]bool{}}
	at := map[key]int{}
	err := eachLine(dir, "ideas", func(l spoken) {
		if l.Title = strings.Join(strings.Fields(clean(l.Title)), " "); l.Title == "" || l.CreatedAt.IsZero() {
			return
		}
		at[l.ID] = len(s.talks)
		s.people[string(l.Author)] = true
		s.talks = append(s.talks, talk{idea: store.ImportIdea{Ref: string(l.ID), Author: string(l.Author), Title: l.Title,
			Body: clean(l.Body), Tags: l.Tags, Lang: l.Lang, Status: l.Status, At: l.CreatedAt}})
	})
	if err != nil {
		return nil, err
	}
	err = eachLine(dir, "comments", func(l spoken) {
		n, ok := at[l.Idea]
		if l.Body = clean(l.Body); !ok || l.Body == "" || l.CreatedAt.IsZero() {
			return
		}
		s.people[string(l.Author)] = true
		s.talks[n].comments = append(s.talks[n].comments, store.ImportComment{Ref: string(l.ID), Author: string(l.Author), Body: l.Body, At: l.CreatedAt})
	})
	if errors.Is(err, os.ErrNotExist) {
		err = nil // some sets have ideas alone
	}
	if len(s.talks) == 0 && err == nil {
		err = fmt.Errorf("%s holds no ideas", dir)
	}
	s.count()
	return s, err
}

func (s *set) count() {
	s.posts = 0
	for _, t := range s.talks {
		s.posts += 1 + len(t.comments)
	}
}

// clean takes out what no text here may hold.
func clean(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "")))
}

// eachLine reads a file of JSON lines, plain or compressed; a line that is none is left out.
func eachLine(dir, kind string, each func(spoken)) error {
	f, err := os.Open(filepath.Join(dir, kind+".jsonl")) // #nosec G304 -- who runs the bench names the folder
	packed := errors.Is(err, os.ErrNotExist)
	if packed {
		f, err = os.Open(filepath.Join(dir, kind+".jsonl.zst")) // #nosec G304 -- the same
	}
	if err != nil {
		return fmt.Errorf("read conversations: %w", err)
	}
	defer f.Close()
	var in io.Reader = f
	if packed {
		z, err := zstd.NewReader(f)
		if err != nil {
			return fmt.Errorf("read %s: %w", f.Name(), err)
		}
		defer z.Close()
		in = z
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var l spoken
		if json.Unmarshal(lines.Bytes(), &l) == nil && l.ID != "" {
			each(l)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read %s: %w", f.Name(), err)
	}
	return nil
}

// madeUp is a set of texts that the bench makes up itself: twenty posts an idea.
func madeUp(posts int) *set {
	s := &set{made: true, people: map[string]bool{}}
	for i := range 50 {
		s.people[fmt.Sprint("p", i)] = true
	}
	t := newTexts(7)
	from := time.Date(2023, 1, 1, 8, 0, 0, 0, time.UTC)
	for n := 0; n < posts; n++ {
		at, by := from.Add(time.Duration(n)*10*time.Minute), fmt.Sprint("p", t.random.IntN(50))
		if n%20 == 0 {
			s.talks = append(s.talks, talk{idea: store.ImportIdea{Ref: fmt.Sprint(n), Author: by, Title: t.title(), Body: t.idea(), At: at}})
			continue
		}
		last := &s.talks[len(s.talks)-1]
		last.comments = append(last.comments, store.ImportComment{Ref: fmt.Sprint(n), Author: by, Body: t.comment(), At: at})
	}
	s.count()
	return s
}

// grow calls each with talks of the set, then with copies in other words, until
// there are so many posts.
func (s *set) grow(posts int, each func(talk) error) error {
	var m *mixer
	for copies := 0; ; copies++ {
		if copies == 1 {
			m = newMixer(s)
		}
		for _, t := range s.talks {
			if posts <= 0 {
				return nil
			}
			if copies > 0 {
				t = m.other(t, copies)
			}
			t.comments = t.comments[:min(len(t.comments), posts-1)]
			posts -= 1 + len(t.comments)
			if err := each(t); err != nil {
				return err
			}
		}
	}
}
