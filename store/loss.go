package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"

	"convivio/store/board"
	"convivio/store/chain"
)

// SQLite drops a damaged write-ahead log without a word, and every check still
// says ok. So the head of the log is kept once more, in a file beside the
// database; a log that ends before it has lost what was saved.

// headFile is the content of the file head. What was seen of the audit log stands
// there too, so that an end that was cut off is missed.
type headFile struct {
	Epoch  string           `json:"epoch"`
	Seq    int64            `json:"seq"`
	Audit  board.AuditHead  `json:"audit"`
	Missed *board.AuditHead `json:"audit_missed,omitempty"` // was seen, and is not there any more
}

// seen are the ends of the audit log that the file bears witness to.
func (h headFile) seen() []board.AuditHead {
	if h.Missed != nil {
		return []board.AuditHead{*h.Missed, h.Audit}
	}
	return []board.AuditHead{h.Audit}
}

func (s *Store) readHead() (h headFile, err error) {
	b, err := os.ReadFile(s.path("head"))
	if err == nil {
		err = json.Unmarshal(b, &h)
	}
	return h, err
}

// SaveHead writes how far the log goes to the head file, when it moved since.
// Called every second by the server, and by Close.
func (s *Store) SaveHead() error {
	if s.readOnly.Load() {
		return nil
	}
	audit, err := s.AuditHead(context.Background())
	if err != nil {
		return err
	}
	s.headMu.Lock()
	defer s.headMu.Unlock()
	h := headFile{Epoch: s.epoch, Seq: s.Head(), Audit: audit, Missed: s.headKept.Missed}
	if h == s.headKept {
		return nil
	}
	if err := s.writeHead(h); err != nil {
		return err
	}
	s.headKept = h
	return nil
}

func (s *Store) writeHead(h headFile) error {
	b, err := json.Marshal(h)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(s.dir, "head-*")
	if err != nil {
		return fmt.Errorf("write the head file: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), s.path("head"))
	}
	if err != nil {
		return fmt.Errorf("write the head file: %w", err)
	}
	return nil
}

// compareHead looks for lost events and, when told to, goes on without them. An
// audit log that does not go as far as was seen stays marked until then.
func (s *Store) compareHead(ctx context.Context, accept bool) error {
	h, err := s.readHead()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		slog.Warn("the head file cannot be read; lost events would not be noticed", "error", err)
	}
	s.headKept.Audit, s.headKept.Missed = h.Audit, h.Missed
	if err := s.missAudit(ctx, h.Audit); err != nil {
		return err
	}
	s.Witness(h.Epoch, h.Seq)
	if accept && (s.Lost() > 0 || s.AuditMissed() != nil) {
		return s.AcceptLoss(ctx)
	}
	return nil
}

// AuditMissed is an end of the audit log that was seen once and is not there any
// more; nil: none is missed.
func (s *Store) AuditMissed() *board.AuditHead {
	s.headMu.Lock()
	defer s.headMu.Unlock()
	return s.headKept.Missed
}

func (s *Store) setMissed(h *board.AuditHead) {
	s.headMu.Lock()
	defer s.headMu.Unlock()
	s.headKept.Missed = h
}

// missAudit keeps in the head file that the audit log was seen to go further, or
// elsewhere, than it goes.
func (s *Store) missAudit(ctx context.Context, seen board.AuditHead) error {
	var hash string
	err := s.readDB.QueryRowContext(ctx, `SELECT hash FROM audit WHERE seq = $1`, seen.Seq).Scan(&hash)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("compare the audit log with the head file: %w", err)
	}
	broken := chain.Reaches(seen, hash)
	if broken == nil {
		return nil
	}
	slog.Error("the audit log is not what it was: look with convivio audit verify, and into backups", "error", broken)
	if s.AuditMissed() == nil {
		s.setMissed(&seen)
	}
	return nil
}

// Witness says that somebody saw the log go as far as seq. When the log of this
// epoch ends before, saved events are gone, and the store turns read-only. The
// head file keeps what was witnessed: the witness may begin anew meanwhile.
func (s *Store) Witness(epoch string, seq int64) {
	lost := seq - s.Head()
	if epoch != s.epoch || lost <= s.lost.Load() {
		return
	}
	s.lost.Store(lost)
	s.readOnly.Store(true)
	s.headMu.Lock()
	defer s.headMu.Unlock()
	h := s.headKept
	h.Epoch, h.Seq = epoch, seq
	if err := s.writeHead(h); err != nil {
		slog.Error("the loss is not kept in the head file", "error", err)
	}
}

// Lost is how many saved events are known to be missing.
func (s *Store) Lost() int64 { return s.lost.Load() }

// ReadOnly tells whether verbs are refused.
func (s *Store) ReadOnly() bool { return s.readOnly.Load() }

// AcceptLoss goes on without the lost events: the epoch is renewed, so that
// pages reload and followers begin anew.
func (s *Store) AcceptLoss(ctx context.Context) error {
	lost := s.lost.Swap(0)
	s.readOnly.Store(false)
	epoch, missed := randomWord(), s.AuditMissed()
	_, err := s.write(WithOrigin(ctx, Origin{Means: board.ByCommand}), 0, func(tx *Tx) error {
		if _, err := tx.exec(`UPDATE meta SET value = $1 WHERE name = 'epoch'`, epoch); err != nil {
			return fmt.Errorf("renew the epoch: %w", err)
		}
		if _, err := tx.record(board.LossAccepted, about{subject: lost}); err != nil {
			return err
		}
		return tx.audit(act{kind: board.LossAcceptedAct, after: lossAudit{Events: lost, Missed: missed}})
	})
	if err != nil {
		return fmt.Errorf("accept the loss of %d events: %w", lost, err)
	}
	s.epoch = epoch
	s.setMissed(nil)
	slog.Warn("going on without events that were saved and are gone", "lost", lost)
	return s.SaveHead()
}
