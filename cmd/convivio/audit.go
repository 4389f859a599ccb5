package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"time"

	"convivio/store"
	"convivio/store/board"
	"convivio/store/chain"
)

// auditCommand proves that the audit log is what was written.
type auditCommand struct {
	Verify auditVerify `cmd:"" help:"Check the audit log: of the data folder, of a backup, or of an exported file. Names the first entry that is not as it was written."`
	Head   auditHead   `cmd:"" help:"Print the number and hash of the last entry, to keep somewhere else."`
}

// auditVerify checks a chain from first to last.
type auditVerify struct {
	File     string   `arg:"" optional:"" help:"A backup, or an export of the audit log (CSV or JSON lines), instead of the data folder." placeholder:"FILE"`
	Head     []string `help:"What audit head printed once, or the server's log, or the page of the audit log: the chain must go through it. May be repeated." placeholder:"NUMBER:HASH"`
	Filtered bool     `help:"The exported file holds chosen entries: others may be left out between them."`
}

// Run checks, and fails when something is wrong. A server may go on meanwhile.
func (c *auditVerify) Run(ctx context.Context, p *program) error {
	var seen []board.AuditHead
	for _, text := range c.Head {
		h, err := parseHead(text)
		if err != nil {
			return err
		}
		seen = append(seen, h)
	}
	v, what, err := c.verify(ctx, p, seen)
	var broken *chain.Fault
	if errors.As(err, &broken) {
		p.printf("The audit log of %s is not what was written: %s.\n", what, printable(broken.Error()))
		if v.Last > 0 {
			p.printf("Up to entry %d it is whole. Keep a copy of everything as it is before you do anything about it.\n", v.Last)
		}
		return errSilent
	}
	if err != nil {
		return fmt.Errorf("check the audit log of %s: %w", what, err)
	}
	c.report(p, v, what)
	return nil
}

func (c *auditVerify) report(p *program, v chain.Verifier, what string) {
	if v.Count == 0 {
		p.printf("The audit log of %s holds nothing yet.\n", what)
		return
	}
	p.printf("The audit log of %s is whole: %s entries, %d to %d.\n", what, grouped(int(v.Count)), v.First, v.Last)
	if v.Gaps > 0 {
		p.printf("In %s places entries were left out between them.\n", grouped(int(v.Gaps)))
	}
	if v.Erased > 0 {
		p.printf("%s values were erased, as is done with addresses after 21 days and with people's names when they are erased.\n", grouped(int(v.Erased)))
	}
	p.printf("Last entry: %d:%s\n", v.Last, v.Hash)
}

func (c *auditVerify) verify(ctx context.Context, p *program, seen []board.AuditHead) (v chain.Verifier, what string, err error) {
	if c.File == "" {
		st, err := store.OpenReader(ctx, p.folder())
		if err != nil {
			return v, p.folder(), err
		}
		v, err = st.VerifyAudit(ctx, seen...)
		return v, p.folder(), errors.Join(err, st.Close())
	}
	f, err := os.Open(c.File)
	if err != nil {
		return v, c.File, err
	}
	defer f.Close()
	magic := make([]byte, 16)
	n, err := io.ReadFull(f, magic)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return v, c.File, fmt.Errorf("read the file: %w", err)
	}
	if bytes.HasPrefix(magic[:n], []byte("SQLite format 3\x00")) {
		v, err = store.VerifyAuditFile(ctx, c.File, seen...)
		return v, c.File, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return v, c.File, err
	}
	v.Partial = c.Filtered
	err = verifyExport(f, &v, seen)
	return v, c.File, err
}

// verifyExport checks an exported file, also whether it goes through what was seen.
func verifyExport(r io.Reader, v *chain.Verifier, seen []board.AuditHead) error {
	hashes := map[int64]string{}
	err := chain.Read(r, func(e board.AuditEntry) error {
		for _, h := range seen {
			if h.Seq == e.Seq {
				hashes[e.Seq] = e.Hash
			}
		}
		return v.Next(e)
	})
	if err == nil {
		err = v.Whole()
	}
	for _, h := range seen {
		if err == nil {
			err = chain.Reaches(h, hashes[h.Seq])
		}
	}
	return err
}

// parseHead reads what auditHead prints.
func parseHead(text string) (h board.AuditHead, err error) {
	number, hash, _ := strings.Cut(strings.TrimSpace(text), ":")
	h.Hash = hash
	if h.Seq, err = strconv.ParseInt(number, 10, 64); err != nil || len(hash) != len(chain.Start) {
		return h, fmt.Errorf("--head %q is not of the form NUMBER:HASH, as convivio audit head prints it", text)
	}
	return h, nil
}

// auditHead prints the end of the chain.
type auditHead struct{}

// Run prints it and nothing else.
func (c *auditHead) Run(ctx context.Context, p *program) error {
	st, err := store.OpenReader(ctx, p.folder())
	if err != nil {
		return err
	}
	h, err := st.AuditHead(ctx)
	if err = errors.Join(err, st.Close()); err != nil {
		return err
	}
	p.printf("%d:%s\n", h.Seq, h.Hash)
	return nil
}

// witnessEvery is how often the server's log says how far the audit log goes.
const witnessEvery = time.Hour

// witnessAudit says in the server's log how far the audit log goes, when it moved:
// at once, every hour and at the end. Where that log is kept on another machine, it
// proves what nobody on this one can change, also when the whole folder is put back
// as it was.
func (s *service) witnessAudit(ctx context.Context) error {
	every := time.NewTicker(witnessEvery)
	defer every.Stop()
	var told board.AuditHead
	for {
		h, err := s.store.AuditHead(context.WithoutCancel(ctx))
		if err != nil {
			return err
		}
		if h != told {
			slog.Info("audit log", "head", fmt.Sprintf("%d:%s", h.Seq, h.Hash))
			told = h
		}
		if ctx.Err() != nil {
			return nil
		}
		select {
		case <-ctx.Done():
		case <-every.C:
		}
	}
}
