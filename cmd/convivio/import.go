package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"convivio/store"
	"convivio/store/board"
)

// importCommand brings conversations from a folder of JSON lines into the data
// folder. It may be interrupted at any time: the same command goes on.
type importCommand struct {
	Dir    string `arg:"" help:"Folder with boards, users, ideas, comments, votes as .jsonl or .jsonl.zst." placeholder:"DIR"`
	Source string `help:"Name of what is imported, kept for ever: the same rows of the same source are imported once. Default: the folder's own name. Two folders of one name need different sources." placeholder:"NAME"`
}

// Run imports and reports.
func (c *importCommand) Run(ctx context.Context, p *program) error {
	dir, err := filepath.Abs(c.Dir)
	if err != nil {
		return fmt.Errorf("find %s: %w", c.Dir, err)
	}
	source := strings.TrimSpace(c.Source)
	if source == "" {
		source = filepath.Base(dir)
	}
	im := &importer{seen: map[string]map[ref]int{}, statuses: map[string]int{}}
	total, err := im.find(dir)
	if err != nil {
		return err
	}
	st, err := openStore(ctx, p.folder())
	if ctx.Err() != nil {
		return errInterrupted
	}
	if err != nil {
		return err
	}
	im.to = st.ImportFrom(source)
	im.progress = newProgress(p.stderr, total)
	started := time.Now()
	err = im.audited(ctx)
	im.progress.close()
	err = errors.Join(err, st.Close())
	im.report(p, time.Since(started))
	if ctx.Err() != nil {
		return errInterrupted
	}
	return err
}

// audited is run with what the audit log keeps of it.
func (im *importer) audited(ctx context.Context) error {
	ctx = store.WithOrigin(ctx, store.Origin{Means: board.ByCommand})
	if err := im.to.Begin(ctx); err != nil {
		return err
	}
	err := im.run(ctx)
	added, became := map[string]int{"votes": im.voted.added}, board.ActDone
	for _, c := range im.counts {
		added[c.kind] += c.added
	}
	if err != nil {
		became = board.ActFailed
	}
	return errors.Join(err, im.to.End(context.WithoutCancel(ctx), added, became))
}

var errInterrupted = errors.New("interrupted; the same command goes on where it stopped")

// importer is one import under way, and what it counts.
type importer struct {
	to       *store.Import
	progress *progress

	boards, people, ideas, comments, votes input
	others                                 []string // files in the folder that are not of the format

	seen   map[string]map[ref]int // kind, ref: the line it stands on
	counts []*count
	faults []string
	voted  voteCounts

	cleaned      int // rows with bytes or characters that no text may hold
	votesLeft    int // votes without voters, left out because votes with voters came too
	commentVotes int
	statuses     map[string]int // stages of other systems that have none here, and their ideas
}

// count is what became of the rows of one file.
type count struct {
	kind         string
	rows, added  int
	there, wrong int // imported before; not importable
}

// find looks which files there are and counts their rows.
func (im *importer) find(dir string) (total int, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, fmt.Errorf("read the folder to import: %w", err)
	}
	var used []string
	for kind, in := range map[string]*input{
		"boards": &im.boards, "users": &im.people, "ideas": &im.ideas, "comments": &im.comments, "votes": &im.votes,
	} {
		if *in, err = findInput(dir, kind); err != nil {
			return 0, err
		}
		n, err := in.count()
		if err != nil {
			return 0, err
		}
		total += n
		used = append(used, in.name())
	}
	for _, e := range entries {
		if !slices.Contains(used, e.Name()) && e.Name() != "README.md" {
			im.others = append(im.others, e.Name())
		}
	}
	if im.boards.path == "" || im.ideas.path == "" {
		return 0, fmt.Errorf("%s has no boards.jsonl and ideas.jsonl (or .jsonl.zst); give the folder that holds them", dir)
	}
	return total, nil
}

// run imports the files in the order in which their rows need each other.
func (im *importer) run(ctx context.Context) error {
	for _, step := range []func(context.Context) error{im.runBoards, im.runPeople, im.runIdeas, im.runComments, im.runVotes} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (im *importer) runBoards(ctx context.Context) error {
	return flow(ctx, im, im.boards, "boards", func(line []byte, n int) (b store.ImportBoard, err error) {
		row, err := decoded[boardLine](im, line)
		if err != nil {
			return b, err
		}
		b = store.ImportBoard{Ref: string(row.ID), Name: im.line(row.Name), Description: im.text(row.Description), Lang: row.Lang}
		if b.Name == "" {
			b.Name = b.Ref
		}
		return b, im.first("board", row.ID, n)
	}, same, im.to.Boards)
}

func (im *importer) runPeople(ctx context.Context) error {
	if im.people.path == "" {
		return im.runAuthors(ctx)
	}
	return flow(ctx, im, im.people, "users", func(line []byte, n int) (p store.ImportPerson, err error) {
		row, err := decoded[personLine](im, line)
		if err != nil {
			return p, err
		}
		p = store.ImportPerson{Ref: string(row.ID), Name: im.line(row.Name)}
		if p.Name == "" {
			p.Name = p.Ref
		}
		return p, im.first("person", row.ID, n)
	}, same, im.to.People)
}

// runAuthors makes people of the authors that rows name where no file says who
// they are; their id is their name.
func (im *importer) runAuthors(ctx context.Context) error {
	im.progress.now("authors")
	var list []store.ImportPerson
	for _, in := range []input{im.ideas, im.comments, im.votes} {
		err := in.lines(func(n int, line []byte) error {
			row, _, err := decode[struct{ Author, User ref }](line)
			if err != nil {
				return ctx.Err() // the row is refused where it is imported
			}
			for _, id := range []ref{row.Author, row.User} {
				if id != "" && im.first("person", id, n) == nil {
					list = append(list, store.ImportPerson{Ref: string(id), Name: im.line(string(id))})
				}
			}
			return ctx.Err()
		})
		if err != nil {
			return err
		}
	}
	for some := range slices.Chunk(list, batchRows) {
		if _, err := im.to.People(ctx, some); err != nil {
			return fmt.Errorf("import authors: %w", err)
		}
	}
	return nil
}

func (im *importer) runIdeas(ctx context.Context) error {
	return flow(ctx, im, im.ideas, "ideas", im.idea, store.RenderIdea, im.to.Ideas)
}

func (im *importer) idea(line []byte, n int) (i store.ImportIdea, err error) {
	row, err := decoded[ideaLine](im, line)
	if err != nil {
		return i, err
	}
	at, err := parseTime(row.CreatedAt)
	if err != nil {
		return i, err
	}
	votes, err := wholeNumber(row.Votes)
	if err != nil {
		return i, fmt.Errorf("votes: %w", err)
	}
	if im.votes.path != "" && votes > 0 {
		im.votesLeft++
		votes = 0
	}
	i = store.ImportIdea{Ref: string(row.ID), Board: string(row.Board), Author: string(row.Author), Title: im.line(row.Title), Body: im.text(row.Body),
		Tags: row.Tags, Lang: row.Lang, Status: row.Status, Votes: max(votes, 0), At: at}
	if i.Title == "" {
		i.Title = firstWords(i.Body, 80)
	}
	if i.Title == "" {
		return i, errors.New("the idea has neither title nor body")
	}
	if err := errors.Join(im.known("board", row.Board), im.somebody(row.Author)); err != nil {
		return i, err
	}
	if _, known := store.StageOfStatus(i.Status); !known {
		im.statuses[i.Status]++
	}
	return i, im.first("idea", row.ID, n)
}

func (im *importer) runComments(ctx context.Context) error {
	return flow(ctx, im, im.comments, "comments", im.comment, store.RenderComment, im.to.Comments)
}

func (im *importer) comment(line []byte, n int) (c store.ImportComment, err error) {
	row, err := decoded[commentLine](im, line)
	if err != nil {
		return c, err
	}
	at, err := parseTime(row.CreatedAt)
	if err != nil {
		return c, err
	}
	votes, err := wholeNumber(row.Votes)
	if err != nil {
		return c, fmt.Errorf("votes: %w", err)
	}
	im.commentVotes += max(votes, 0)
	c = store.ImportComment{Ref: string(row.ID), Idea: string(row.Idea), Parent: string(row.Parent), Author: string(row.Author), Body: im.text(row.Body), At: at}
	if strings.TrimSpace(c.Body) == "" {
		return c, errors.New("the comment is empty")
	}
	if err := errors.Join(im.known("idea", row.Idea), im.somebody(row.Author)); err != nil {
		return c, err
	}
	if row.Parent != "" {
		if err := im.known("comment", row.Parent); err != nil {
			return c, err
		}
	}
	return c, im.first("comment", row.ID, n)
}

// first keeps that a row of this kind stands on a line; a second one with the
// same id would be taken for one imported before.
func (im *importer) first(kind string, id ref, line int) error {
	if id == "" {
		return errors.New("the row has no id")
	}
	if im.seen[kind] == nil {
		im.seen[kind] = map[ref]int{}
	}
	if earlier, twice := im.seen[kind][id]; twice {
		return fmt.Errorf("%s %q stands on line %d already", kind, id, earlier)
	}
	im.seen[kind][id] = line
	return nil
}

// known refuses a row that points to one that is not there.
func (im *importer) known(kind string, id ref) error {
	if _, ok := im.seen[kind][id]; !ok {
		return fmt.Errorf("there is no %s %q", kind, id)
	}
	return nil
}

// somebody is known for an author; nobody is somebody unnamed.
func (im *importer) somebody(id ref) error {
	if id == "" {
		return nil
	}
	return im.known("person", id)
}

func (im *importer) line(s string) string { return oneLine(im.text(s)) }

func (im *importer) text(s string) string {
	s, changed := cleanText(s)
	if changed {
		im.cleaned++
	}
	return s
}

// decoded is decode, counting what was damaged.
func decoded[T any](im *importer, line []byte) (T, error) {
	row, damaged, err := decode[T](line)
	if damaged {
		im.cleaned++
	}
	return row, err
}

// fault keeps a row that could not be imported.
func (im *importer) fault(in input, line int, err error) {
	im.faults = append(im.faults, fmt.Sprintf("%s:%d: %s", in.name(), line, printable(err.Error())))
}

// fatal tells whether an error is about the data folder, not about a row.
func fatal(ctx context.Context, err error) bool {
	var fault *board.Error
	return ctx.Err() != nil || errors.As(err, &fault) && fault.Code == board.Unavailable
}

// report says what became of every row.
func (im *importer) report(p *program, took time.Duration) {
	rows := im.voted.rows
	for _, c := range im.counts {
		rows += c.rows
		p.printf("%-9s %10s rows  %10s added  %10s there already  %6s not importable\n",
			c.kind, grouped(c.rows), grouped(c.added), grouped(c.there), grouped(c.wrong))
	}
	im.voted.report(p)
	for _, note := range []struct {
		n    int
		text string
	}{
		{im.cleaned, "texts held bytes that are no UTF-8, or control characters, and were cleaned"},
		{im.votesLeft, "ideas also had a number of votes, left out because their voters are known"},
		{im.commentVotes, "votes on comments were left out: only ideas have votes here"},
	} {
		if note.n > 0 {
			p.printf("%s %s\n", grouped(note.n), note.text)
		}
	}
	for _, status := range slices.Sorted(maps.Keys(im.statuses)) {
		p.printf("%s ideas had the status %q, which has no stage here: they are new\n", grouped(im.statuses[status]), printable(status))
	}
	for _, name := range im.others {
		p.printf("%s is not part of the format and was left alone\n", printable(name))
	}
	for _, f := range im.faults {
		p.printf("not imported: %s\n", f)
	}
	p.printf("%s rows in %s s, %s rows/s\n", grouped(rows), fmt.Sprintf("%.1f", took.Seconds()), grouped(int(float64(rows)/max(took.Seconds(), 0.001))))
}
