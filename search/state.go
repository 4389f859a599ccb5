package search

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"

	"convivio/store/board"
)

// stateKey is where the index keeps its state, written with the documents it
// speaks of in one batch: both are there, or neither.
var stateKey = []byte("convivio")

// state is what the index knows of itself.
type state struct {
	Layout   int            `json:"layout"`
	Epoch    string         `json:"epoch"`
	Seq      int64          `json:"seq"`                // events up to here are in, once Building is nil
	Building *place         `json:"building,omitempty"` // how far a build from the store has come
	Held     map[int64]hold `json:"held"`
	Texts    int64          `json:"texts"` // ever indexed, with their words: for the average length
	Words    int64          `json:"words"`
	Titles   int64          `json:"titles"`
	TitleLen int64          `json:"title_words"`
	Key      []byte         `json:"key"` // seals cursors, since a score tells of texts one may not see
}

// place is how far a walk over all texts has come.
type place struct {
	Part  board.Where `json:"part"`
	After int64       `json:"after"`
}

// hold says in which ways texts of a board stand in the index.
type hold struct {
	Open    bool `json:"open,omitempty"`
	Private bool `json:"private,omitempty"`
}

func newState(epoch string, seq int64) *state {
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	return &state{Layout: layout, Epoch: epoch, Seq: seq, Building: &place{Part: board.InText}, Held: map[int64]hold{}, Key: key}
}

// readState reads what bytes wrote.
func readState(b []byte) (*state, error) {
	var s state
	if len(b) < crc32.Size || binary.BigEndian.Uint32(b) != crc32.ChecksumIEEE(b[crc32.Size:]) {
		return nil, errors.New("the index's state does not match its checksum")
	}
	if err := json.Unmarshal(b[crc32.Size:], &s); err != nil {
		return nil, fmt.Errorf("read the index's state: %w", err)
	}
	if s.Held == nil {
		s.Held = map[int64]hold{}
	}
	return &s, nil
}

// bytes is the state behind its checksum: bolt, where it is kept, has none.
func (s *state) bytes() ([]byte, error) {
	b, err := json.Marshal(s)
	return append(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(b)), b...), err
}

// copy is a state that can be changed while the old one is read.
func (s *state) copy() *state {
	c := *s
	c.Held = maps.Clone(s.Held)
	if s.Building != nil {
		b := *s.Building
		c.Building = &b
	}
	return &c
}

// count notes a document that is about to be written.
func (s *state) count(d board.Document, in indexed) {
	h := s.Held[d.Board]
	h.Open, h.Private = h.Open || !d.Private, h.Private || d.Private
	s.Held[d.Board] = h
	s.Texts++
	s.Words += int64(in.words)
	if in.title > 0 {
		s.Titles++
		s.TitleLen += int64(in.title)
	}
}

// lengths are the words of an average text and an average title.
func (s *state) lengths() (text, title float64) {
	text, title = 1, 1
	if s.Texts > 0 {
		text = max(1, float64(s.Words)/float64(s.Texts))
	}
	if s.Titles > 0 {
		title = max(1, float64(s.TitleLen)/float64(s.Titles))
	}
	return text, title
}
