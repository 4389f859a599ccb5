package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"convivio/store/board"
	"convivio/store/markdown"
)

// pngOf is a small picture that differs by n.
func pngOf(t testing.TB, w, h, n int) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = byte(i*7 + n)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (c *company) attach(who board.Who, name string, content []byte) board.File {
	c.t.Helper()
	f, err := c.AddFile(c.ctx, who, name, bytes.NewReader(content), "")
	if err != nil {
		c.t.Fatal(err)
	}
	return f
}

// sees fails the test unless exactly these people may open a file, the whole and,
// of a picture, the view.
func (c *company) seen(f board.File, by ...board.Who) {
	c.t.Helper()
	for _, who := range []board.Who{c.anna, c.bruno, c.mod, c.admin, c.guest} {
		want := false
		for _, b := range by {
			want = want || b.ID == who.ID
		}
		for _, view := range []bool{false, true} {
			got, _, bytes, err := c.OpenFile(c.ctx, who, f.ID, view)
			if bytes != nil {
				_ = bytes.Close()
			}
			if view && !f.Picture() {
				wants(c.t, err, board.NotFound, "")
				continue
			}
			if (err == nil) != want || want && got.Name != f.Name {
				c.t.Errorf("%s opens file %d (view %v): %v, want it to work: %v", who.Name, f.ID, view, err, want)
			}
			if !want {
				wants(c.t, err, board.NotFound, "")
			}
		}
	}
}

func (c *company) later(d time.Duration) { c.clock.Add(d.Microseconds()) }

func (c *company) forget() {
	c.t.Helper()
	if err := c.Forget(c.ctx); err != nil {
		c.t.Fatal(err)
	}
}

// kept counts the files in the folder.
func (c *company) kept() int {
	c.t.Helper()
	list, err := os.ReadDir(filepath.Join(c.Dir(), filesFolder))
	if err != nil {
		c.t.Fatal(err)
	}
	return len(list)
}

// TestAFileIsSeenByWhoMaySeeWhatNamesIt goes with a file through the life of the
// texts that name it (S-022, S-033).
func TestAFileIsSeenByWhoMaySeeWhatNamesIt(t *testing.T) {
	c := newCompany(t)
	c.do(c.RemoveMember(c.ctx, c.admin, c.private, c.admin.ID)) // who made the board began as its member
	pic := c.attach(c.anna, "pianta.png", pngOf(t, 1600, 900, 1))
	doc := c.attach(c.anna, "misure.csv", []byte("ora;dB\r\n9;61\r\n"))
	c.recorded(func() { c.attach(c.anna, "nessun evento.txt", []byte("x")) })
	c.seen(pic, c.anna)
	c.seen(doc, c.anna)
	idea, err := c.AddIdea(c.ctx, c.anna, c.private, board.NewIdea{Title: "Riservata", Body: pic.Markdown}, "")
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf(`<a class="picture" href="/files/%d"><img src="/files/%d/view" alt="pianta" width="720" height="405" loading="lazy"></a>`, pic.ID, pic.ID)
	if idea.HTML != "<p>"+want+"</p>" {
		t.Errorf("it is shown as %s", idea.HTML)
	}
	c.seen(pic, c.anna, c.mod)
	c.seen(doc, c.anna)
	comment := c.reply(c.anna, idea.ID, nil, "Ecco: "+doc.Markdown)
	if !strings.Contains(comment.HTML, fmt.Sprintf(`<a class="file" href="/files/%d">misure.csv <small>CSV · 14 B</small></a>`, doc.ID)) {
		t.Errorf("it is shown as %s", comment.HTML)
	}
	c.seen(doc, c.anna, c.mod)
	c.do(c.AddMember(c.ctx, c.mod, c.private, c.guest.ID))
	c.seen(doc, c.anna, c.mod, c.guest)
	c.do(c.RemoveMember(c.ctx, c.mod, c.private, c.guest.ID))
	c.do(c.RemoveMember(c.ctx, c.mod, c.private, c.anna.ID)) // who attached it goes like anybody
	c.seen(doc, c.mod)
	c.do(c.AddMember(c.ctx, c.mod, c.private, c.anna.ID))

	// What an edit takes out stands in the earlier wording, which is kept.
	body := "Senza immagine."
	c.do(c.EditIdea(c.ctx, c.anna, idea.ID, board.IdeaChange{Body: &body}))
	c.seen(pic, c.anna, c.mod)
	// The same file in an open text of its owner's is seen there.
	public := c.idea(c.anna, c.open, "Aperta")
	said := c.reply(c.anna, public.ID, nil, pic.Markdown)
	c.seen(pic, c.anna, c.bruno, c.mod, c.admin)
	c.do(c.DeleteComment(c.ctx, c.anna, said.ID))
	c.seen(pic, c.anna, c.mod)
	c.forget()
	c.do(c.RestoreComment(c.ctx, c.anna, said.ID)) // within the time to take it back
	c.seen(pic, c.anna, c.bruno, c.mod, c.admin)
	c.do(c.DeleteComment(c.ctx, c.anna, said.ID))
	c.do(c.DeleteComment(c.ctx, c.anna, comment.ID))
	c.seen(doc)
	c.clean()
	c.do(c.DeleteIdea(c.ctx, c.anna, idea.ID))
	c.seen(pic)
	c.later(2 * time.Minute)
	c.forget()
	if n := c.kept(); n != 1 {
		t.Errorf("%d files are kept, want the one that no text named yet", n)
	}
	c.later(filesKept)
	c.forget()
	if n := c.kept(); n != 0 {
		t.Errorf("%d files are kept after their time", n)
	}
	c.clean()
}

func TestAnAnswerNamesFilesOfItsWriter(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Una")
	f := c.attach(c.mod, "decisione.pdf", []byte("%PDF-1.7\n%x"))
	a, err := c.Answer(c.ctx, c.mod, idea.ID, board.NewAnswer{Body: "Sì: " + f.Markdown}, "")
	if err != nil || !strings.Contains(a.HTML, `<a class="file"`) {
		t.Fatalf("%s, %v", a.HTML, err)
	}
	c.seen(f, c.anna, c.bruno, c.mod, c.admin)
}

// S-034, S-074: somebody else's file cannot be named, in the very words in which
// one cannot be that never was.
func TestNobodyNamesSomebodyElsesFile(t *testing.T) {
	c := newCompany(t)
	c.do(c.RemoveMember(c.ctx, c.admin, c.private, c.admin.ID))
	secret := c.attach(c.anna, "segreto.png", pngOf(t, 20, 10, 1))
	c.do(c.AddIdea(c.ctx, c.anna, c.private, board.NewIdea{Title: "R", Body: secret.Markdown}, ""))
	doc := c.attach(c.anna, "segreto.csv", []byte("a;b"))
	public := c.idea(c.bruno, c.open, "Aperta")
	body := "![vista](/files/%d) e [carta](/files/%d) e [carta](</files/%[2]d>) ![x][y]\n\n[y]: /files/%[1]d"
	refused := func(who board.Who, body string) string {
		_, err := c.Reply(c.ctx, who, public.ID, board.NewComment{Body: body}, "")
		wants(t, err, board.Invalid, "body")
		return fmt.Sprint(err)
	}
	got, never := refused(c.bruno, fmt.Sprintf(body, secret.ID, doc.ID)), refused(c.bruno, fmt.Sprintf(body, 4242, 4243))
	if got != never || !strings.Contains(got, "attach it again") {
		t.Errorf("somebody else's: %s\nnever there:     %s", got, never)
	}
	for _, b := range []string{"`/files/4242`", "https://intranet.example/files/4242", "/files/4242", "[x](/files/4242/view)"} {
		c.reply(c.bruno, public.ID, nil, b) // names no file of ours
	}
	c.seen(secret, c.anna, c.mod)
	c.seen(doc, c.anna)
	// Once its words are gone, a file cannot be named again by its number either.
	c.later(filesKept + time.Hour)
	c.forget()
	if gone := refused(c.anna, doc.Markdown); gone != never {
		t.Errorf("a forgotten file: %s", gone)
	}
}

// A draft that waits in a device for days still has its files, and so has its
// upload sent again with the same key.
func TestAFileWaitsForItsTextAsLongAsADevice(t *testing.T) {
	c := newCompany(t)
	add := func() board.File {
		f, err := c.AddFile(c.ctx, c.anna, "x.txt", strings.NewReader("contenuto"), "k1")
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	f := add()
	public := c.idea(c.bruno, c.open, "Aperta")
	c.later(7 * 24 * time.Hour)
	c.forget()
	if again := add(); again.ID != f.ID {
		t.Errorf("sent again it is file %d, it was %d", again.ID, f.ID)
	}
	if said := c.reply(c.anna, public.ID, nil, f.Markdown); !strings.Contains(said.HTML, `class="file"`) {
		t.Errorf("it is shown as %s", said.HTML)
	}
}

// What a text named before an edit may stay in it, also where it shows nothing:
// it was imported, or written when that was let pass.
func TestAnEditKeepsWhatTheTextNamed(t *testing.T) {
	c := newCompany(t)
	f := c.attach(c.anna, "x.txt", []byte("x"))
	idea := c.idea(c.anna, c.open, "Una")
	said := c.reply(c.anna, idea.ID, nil, f.Markdown)
	c.do(c.write(c.ctx, 0, func(tx *Tx) error {
		for q, id := range map[string]int64{`UPDATE comment SET body = body || ' [vecchio](/files/4242)' WHERE id = $1`: said.ID, `UPDATE idea SET body = '![x](/files/4242)' WHERE id = $1`: idea.ID} {
			if _, err := tx.exec(q, id); err != nil {
				return err
			}
		}
		_, err := tx.record(board.CommentEdited, about{idea: idea.ID, comment: said.ID})
		return err
	}))
	again, err := c.EditComment(c.ctx, c.anna, said.ID, board.CommentChange{Body: "Meglio: [vecchio](/files/4242) " + f.Markdown})
	if err != nil || !strings.Contains(again.HTML, `class="file"`) {
		t.Errorf("%s, %v", again.HTML, err)
	}
	_, err = c.EditComment(c.ctx, c.anna, said.ID, board.CommentChange{Body: "E [nuovo](/files/4243)"})
	wants(t, err, board.Invalid, "body")
	body := "Di più: ![x](/files/4242)"
	c.do(c.EditIdea(c.ctx, c.anna, idea.ID, board.IdeaChange{Body: &body}))
	body = "E [nuovo](/files/4243)"
	_, err = c.EditIdea(c.ctx, c.anna, idea.ID, board.IdeaChange{Body: &body})
	wants(t, err, board.Invalid, "body")
	c.seen(f, c.anna, c.bruno, c.mod, c.admin)
}

func TestATextNamesTwentyFilesAtMost(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Una")
	f := c.attach(c.anna, "x.txt", []byte("x"))
	c.reply(c.anna, idea.ID, nil, strings.Repeat(f.Markdown+" ", board.MaxFiles))
	_, err := c.Reply(c.ctx, c.anna, idea.ID, board.NewComment{Body: strings.Repeat(f.Markdown+" ", board.MaxFiles+1)}, "")
	wants(t, err, board.Invalid, "body")
}

// A text of an older renderer is rendered again as it was, files included.
func TestOldTextsKeepTheirFiles(t *testing.T) {
	c := newCompany(t)
	pic, doc := c.attach(c.anna, "foto.png", pngOf(t, 30, 20, 1)), c.attach(c.anna, "a & b.csv", []byte("a;b"))
	idea := c.idea(c.anna, c.open, "Una")
	first := c.reply(c.anna, idea.ID, nil, pic.Markdown+"\n\n"+doc.Markdown)
	c.do(c.write(c.ctx, 0, func(tx *Tx) error {
		if _, err := tx.exec(`UPDATE comment SET renderer = 0 WHERE id = $1`, first.ID); err != nil {
			return err
		}
		_, err := tx.record(board.CommentEdited, about{idea: idea.ID, comment: first.ID})
		return err
	}))
	again, err := c.Comment(c.ctx, c.bruno, first.ID)
	if err != nil || again.HTML != first.HTML || !strings.Contains(again.HTML, "<img") {
		t.Errorf("%v\n got %s\nwant %s", err, again.HTML, first.HTML)
	}
	if markdown.Stale(1, "senza file") || !markdown.Stale(1, "/files/1") || !markdown.Stale(0, "x") {
		t.Error("which texts are rendered again is wrong")
	}
}

// S-080: quotas, each with what to do about it.
func TestQuotasHold(t *testing.T) {
	c := newCompany(t)
	c.limits.Each, c.limits.PerDay, c.limits.Total = 1000, 2500, 4000
	text := func(n int) io.Reader { return strings.NewReader(strings.Repeat("a", n)) }
	add := func(who board.Who, n int) error {
		_, err := c.AddFile(c.ctx, who, "x.txt", text(n), "")
		return err
	}
	wants(t, add(c.anna, 0), board.Invalid, "file")
	wants(t, add(c.anna, 1001), board.Invalid, "file")
	for range 2 {
		if err := add(c.anna, 1000); err != nil {
			t.Fatal(err)
		}
	}
	wants(t, add(c.anna, 501), board.TooMany, "file")
	if err := errors.Join(add(c.anna, 500), add(c.bruno, 1000), add(c.bruno, 500)); err != nil {
		t.Fatal(err)
	}
	wants(t, add(c.mod, 1), board.Unavailable, "file") // all are used up
	c.later(filesKept + time.Hour)
	wants(t, add(c.anna, 1), board.Unavailable, "file")
	c.forget() // nothing named them
	if err := add(c.anna, 1000); err != nil {
		t.Error(err)
	}
	c.limits.Free = func() (uint64, uint64, error) { return 100 << 20, 1 << 40, nil }
	wants(t, add(c.anna, 1), board.Unavailable, "file")
	c.limits.Free = func() (uint64, uint64, error) { return 6 << 30, 1 << 40, nil }
	if err := add(c.anna, 1); err != nil {
		t.Error(err)
	}
	c.clean()
}

func TestOnePersonBringsAFewFilesAtATime(t *testing.T) {
	c := newCompany(t)
	var waiting []*io.PipeWriter
	var done sync.WaitGroup
	for range uploadsEach {
		r, w := io.Pipe()
		waiting = append(waiting, w)
		done.Go(func() { _, _ = c.AddFile(c.ctx, c.anna, "x.txt", r, "") })
		if _, err := w.Write([]byte("comincia")); err != nil { // it is being read
			t.Fatal(err)
		}
	}
	_, err := c.AddFile(c.ctx, c.anna, "x.txt", strings.NewReader("x"), "")
	wants(t, err, board.TooMany, "file")
	c.attach(c.bruno, "x.txt", []byte("x"))
	for _, w := range waiting {
		_ = w.Close()
	}
	done.Wait()
	c.attach(c.anna, "x.txt", []byte("x"))
}

// What breaks off leaves nothing behind; the same file at once is kept once.
func TestUploadsThatBreakOffLeaveNothing(t *testing.T) {
	c := newCompany(t)
	broken := io.MultiReader(strings.NewReader("metà"), iotestErr{})
	if _, err := c.AddFile(c.ctx, c.anna, "x.txt", broken, ""); err == nil {
		t.Error("half a file was taken")
	}
	gone, cancel := context.WithCancel(c.ctx)
	cancel()
	if _, err := c.AddFile(gone, c.anna, "x.png", bytes.NewReader(pngOf(t, 10, 10, 1)), ""); err == nil {
		t.Error("a file nobody waits for was taken")
	}
	for _, bad := range []string{"<svg/>", "\x89PNG\r\n\x1a\nrubbish", "MZ"} {
		_, err := c.AddFile(c.ctx, c.anna, "x.png", strings.NewReader(bad), "")
		wants(t, err, board.Invalid, "file")
	}
	if n := c.kept(); n != 0 {
		t.Fatalf("%d files are left", n)
	}
	var done sync.WaitGroup
	ids := make([]int64, 12)
	for i := range ids {
		who := []board.Who{c.anna, c.bruno, c.mod}[i%3]
		done.Go(func() {
			if f, err := c.AddFile(c.ctx, who, "x.png", bytes.NewReader(pngOf(t, 40, 40, 1)), ""); err == nil {
				ids[i] = f.ID
			} else {
				t.Error(err)
			}
		})
	}
	done.Wait()
	if n := c.kept(); n != 1 {
		t.Errorf("the same picture is kept %d times", n)
	}
	c.clean()
}

type iotestErr struct{}

func (iotestErr) Read([]byte) (int, error) { return 0, errors.New("the line was cut") }

func TestTheSameUploadTwiceIsOneFile(t *testing.T) {
	c := newCompany(t)
	add := func(name, text string) (board.File, error) {
		return c.AddFile(c.ctx, c.anna, name, strings.NewReader(text), "k1")
	}
	first, err := add("x.txt", "uno")
	again, errAgain := add("x.txt", "uno")
	if err != nil || errAgain != nil || first.ID != again.ID {
		t.Errorf("%v %v, %v %v", first, err, again, errAgain)
	}
	_, err = add("x.txt", "due")
	wants(t, err, board.Conflict, "Idempotency-Key")
	c.forget()
	if n := c.kept(); n != 1 {
		t.Errorf("%d files are kept", n)
	}
}

// the server dies between a file's name and its row. The bytes alone are
// left, and go; nothing ever names what is not there.
func TestACrashBetweenFileAndRowLeavesOnlyBytes(t *testing.T) {
	c := newCompany(t)
	a := arrival{store: c.Store, name: "x.txt", now: &uploading{}}
	if err := a.take(c.ctx, strings.NewReader("orfano")); err != nil {
		t.Fatal(err)
	}
	if err := a.keep(); err != nil {
		t.Fatal(err)
	}
	a.drop()
	half, err := c.files.Draft()
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(half, "metà")
	dir := c.Dir()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	c.Store = c.reopen(dir)
	defer c.Close()
	if n := c.kept(); n != 2 {
		t.Fatalf("%d files are there, want the one without a row and the half one", n)
	}
	c.clean() // young files that nothing needs are no fault
	c.forget()
	if n := c.kept(); n != 0 {
		t.Errorf("%d files are left", n)
	}
}

func TestCheckNamesWhatIsMissingDamagedOrStrange(t *testing.T) {
	c := newCompany(t)
	lost, bad, good := c.attach(c.anna, "a.txt", []byte("perso")), c.attach(c.anna, "b.txt", []byte("guasto")), c.attach(c.anna, "c.txt", []byte("intatto"))
	hash := func(f board.File) string {
		_, hash, bytes, err := c.OpenFile(c.ctx, c.anna, f.ID, false)
		if err != nil {
			t.Fatal(err)
		}
		_ = bytes.Close()
		return filepath.Join(c.Dir(), filesFolder, hash)
	}
	strange := filepath.Join(c.Dir(), filesFolder, strings.Repeat("0", 64))
	if err := errors.Join(os.Remove(hash(lost)), os.WriteFile(hash(bad), []byte("guastò"), 0o600), os.WriteFile(strange, nil, 0o600),
		os.Chtimes(strange, time.Now().Add(-2*time.Hour), time.Now().Add(-2*time.Hour))); err != nil {
		t.Fatal(err)
	}
	faults, err := c.Check(c.ctx)
	all := strings.Join(faults, "\n")
	if err != nil || len(faults) != 3 || !strings.Contains(all, fmt.Sprintf("file %d: its bytes are missing", lost.ID)) ||
		!strings.Contains(all, fmt.Sprintf("file %d: the bytes are not those", bad.ID)) || !strings.Contains(all, "nothing needs files/000") {
		t.Errorf("%v\n%s", err, all)
	}
	c.seen(good, c.anna)
	// A backup says so, too, and is not made.
	out := filepath.Join(t.TempDir(), "b.db")
	if err := c.Backup(c.ctx, out); err == nil {
		t.Error("a backup was made of what is damaged")
	}
	for _, name := range []string{out, BackupFiles(out)} {
		if _, err := os.Stat(name); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is there: %v", name, err)
		}
	}
}

// S-073: a backup whose files were tampered with is refused before anything is restored.
func TestABackupBringsItsFiles(t *testing.T) {
	c := newCompany(t)
	f := c.attach(c.anna, "x.txt", []byte("contenuto"))
	idea := c.idea(c.anna, c.open, "Una")
	c.reply(c.anna, idea.ID, nil, f.Markdown)
	out := filepath.Join(t.TempDir(), "b.db")
	if err := c.Backup(c.ctx, out); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "again")
	if err := Restore(c.ctx, out, dir); err != nil {
		t.Fatal(err)
	}
	again := &company{Store: c.reopen(dir), t: t, ctx: c.ctx, clock: c.clock, anna: c.anna, bruno: c.bruno, mod: c.mod, admin: c.admin, guest: c.guest}
	again.seen(f, c.anna, c.bruno, c.mod, c.admin)
	again.clean()
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadDir(BackupFiles(out))
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	name := filepath.Join(BackupFiles(out), list[0].Name())
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.WriteFile(outside, []byte("contenuto"), 0o600); err != nil {
		t.Fatal(err)
	}
	for what, tamper := range map[string]func() error{
		"other bytes": func() error { return os.WriteFile(name, []byte("altro"), 0o600) },
		"nothing":     func() error { return os.Remove(name) },
		"a link":      func() error { return errors.Join(os.Remove(name), os.Symlink(outside, name)) },
		"a folder":    func() error { return errors.Join(os.RemoveAll(name), os.Mkdir(name, 0o700)) },
		"no folder":   func() error { return os.RemoveAll(BackupFiles(out)) },
	} {
		_ = os.RemoveAll(name)
		_ = os.WriteFile(name, []byte("contenuto"), 0o600)
		if err := tamper(); err != nil {
			t.Fatal(what, err)
		}
		to := filepath.Join(t.TempDir(), "x")
		if err := Restore(c.ctx, out, to); err == nil {
			t.Errorf("%s: it was restored", what)
		}
		if left, _ := os.ReadDir(to); len(left) != 0 {
			t.Errorf("%s: %v was left", what, left)
		}
		_ = os.Mkdir(BackupFiles(out), 0o700)
	}
}

// A file that is forgotten between a look at its row and its bytes is one that is
// not there; bytes missing under a row are damage.
func TestAFileForgottenMeanwhileIsNotThere(t *testing.T) {
	c := newCompany(t)
	f := c.attach(c.anna, "x.txt", []byte("x"))
	none := strings.Repeat("0", 64)
	_, err := c.bytesOf(c.ctx, f.ID+1, none)
	wants(t, err, board.NotFound, "")
	var fault *board.Error
	if _, err := c.bytesOf(c.ctx, f.ID, none); err == nil || errors.As(err, &fault) {
		t.Errorf("got %v", err)
	}
}

// A backup that was broken off is begun again over what it left, and over nothing else.
func TestABackupGoesOnAfterOneThatWasBrokenOff(t *testing.T) {
	c := newCompany(t)
	f := c.attach(c.anna, "x.txt", []byte("contenuto"))
	c.reply(c.anna, c.idea(c.anna, c.open, "Una").ID, nil, f.Markdown)
	out := filepath.Join(t.TempDir(), "b.db")
	stale := filepath.Join(BackupFiles(out), strings.Repeat("0", 64))
	if err := errors.Join(os.Mkdir(BackupFiles(out), 0o700), os.WriteFile(stale, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	if err := c.Backup(c.ctx, out); err == nil || !strings.Contains(err.Error(), "exists already") {
		t.Errorf("a folder that was there: %v", err)
	}
	if _, err := os.Stat(stale); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(out+".part", []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := c.Backup(c.ctx, out); err != nil {
		t.Fatal(err)
	}
	if list, err := os.ReadDir(BackupFiles(out)); err != nil || len(list) != 1 || list[0].Name() == filepath.Base(stale) {
		t.Errorf("%v, %v", list, err)
	}
	if err := Restore(c.ctx, out, filepath.Join(t.TempDir(), "again")); err != nil {
		t.Error(err)
	}
}

// What all files may have together holds, however many arrive at once, and is
// known again after a restart.
func TestTheRoomForFilesHoldsForManyAtOnce(t *testing.T) {
	c := newCompany(t)
	c.limits.Each, c.limits.Total = 1000, 3500
	var lines []*io.PipeWriter
	var done sync.WaitGroup
	var mu sync.Mutex
	saved := 0
	for i := range 8 {
		r, w := io.Pipe()
		lines = append(lines, w)
		done.Go(func() {
			_, err := c.AddFile(c.ctx, []board.Who{c.anna, c.bruno, c.mod}[i%3], "x.txt", r, "")
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				saved++
			} else {
				wants(t, err, board.Unavailable, "file")
			}
		})
		if _, err := w.Write([]byte(strings.Repeat("a", 1000))); err != nil { // there was room when it began
			t.Fatal(err)
		}
	}
	for _, w := range lines {
		_ = w.Close()
	}
	done.Wait()
	if saved != 3 {
		t.Errorf("%d files were saved, there is room for 3", saved)
	}
	dir := c.Dir()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	c.Store = c.reopen(dir)
	defer c.Close()
	if c.room.used != 3000 {
		t.Errorf("%d bytes are used", c.room.used)
	}
	c.later(filesKept + time.Hour)
	c.forget()
	if c.room.used != 0 {
		t.Errorf("%d bytes are used after all was forgotten", c.room.used)
	}
}

func TestCheckSeesWhatDoesNotFitTogether(t *testing.T) {
	c := newCompany(t)
	f := c.attach(c.anna, "x.txt", []byte("x"))
	idea := c.idea(c.anna, c.open, "Una")
	said := c.reply(c.anna, idea.ID, nil, f.Markdown)
	gone := c.reply(c.anna, idea.ID, nil, "Altro")
	c.do(c.Answer(c.ctx, c.mod, idea.ID, board.NewAnswer{Body: "Sì"}, ""))
	c.do(c.DeleteComment(c.ctx, c.anna, gone.ID))
	c.clean()
	harm := func(want string, q string, args ...any) {
		t.Helper()
		c.do(c.write(c.ctx, 0, func(tx *Tx) error {
			if _, err := tx.exec(q, args...); err != nil {
				return err
			}
			_, err := tx.record(board.PersonChanged, about{subject: c.anna.ID})
			return err
		}))
		faults, err := c.Check(c.ctx)
		if err != nil || !strings.Contains(strings.Join(faults, "\n"), want) {
			t.Errorf("%s: %v, %v", q, faults, err)
		}
	}
	harm("not said to name it", `DELETE FROM file_use WHERE comment_id = $1`, said.ID)
	harm("has no words", `DELETE FROM removed_text`)
	harm("does not know its last answer", `UPDATE idea SET thread_seq = 1 WHERE id = $1`, idea.ID)
}
