package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"

	"convivio/store/board"
)

// SQLite drops a damaged write-ahead log without a word, and every check still
// says ok. So the head of the log is kept once more, in a file beside the
// database; a log that ends before it has lost what was saved.

// headFile is the content of the file head.
type headFile struct {
	Epoch string `json:"epoch"`
	Seq   int64  `json:"seq"`
}

// SaveHead writes how far the log goes to the head file, when it moved since.
// Called every second by the server, and by Close.
func (s *Store) SaveHead() error {
	seq := s.Head()
	if seq == s.headSeen || s.readOnly.Load() {
		return nil
	}
	if err := s.writeHead(headFile{s.epoch, seq}); err != nil {
		return err
	}
	s.headSeen = seq
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

// compareHead looks for lost events and, when told to, goes on without them.
func (s *Store) compareHead(ctx context.Context, accept bool) error {
	var h headFile
	b, err := os.ReadFile(s.path("head"))
	if err == nil {
		err = json.Unmarshal(b, &h)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		slog.Warn("the head file cannot be read; lost events would not be noticed", "error", err)
	}
	s.Witness(h.Epoch, h.Seq)
	if accept && s.Lost() > 0 {
		return s.acceptLoss(ctx)
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
	if err := s.writeHead(headFile{epoch, seq}); err != nil {
		slog.Error("the loss is not kept in the head file", "error", err)
	}
}

// Lost is how many saved events are known to be missing.
func (s *Store) Lost() int64 { return s.lost.Load() }

// ReadOnly tells whether verbs are refused.
func (s *Store) ReadOnly() bool { return s.readOnly.Load() }

// AcceptLoss goes on without the lost events: the epoch is renewed, so that
// pages reload and followers begin anew.
func (s *Store) acceptLoss(ctx context.Context) error {
	lost := s.lost.Swap(0)
	s.readOnly.Store(false)
	epoch := randomWord()
	_, err := s.write(ctx, 0, func(tx *Tx) error {
		if _, err := tx.exec(`UPDATE meta SET value = $1 WHERE name = 'epoch'`, epoch); err != nil {
			return fmt.Errorf("renew the epoch: %w", err)
		}
		_, err := tx.record(board.LossAccepted, about{subject: lost})
		return err
	})
	if err != nil {
		return fmt.Errorf("accept the loss of %d events: %w", lost, err)
	}
	s.epoch = epoch
	slog.Warn("going on without events that were saved and are gone", "lost", lost)
	return nil
}

// AcceptLoss is called when a follower, not the head file, witnessed the loss.
func (s *Store) AcceptLoss(ctx context.Context) error { return s.acceptLoss(ctx) }
