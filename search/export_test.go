package search

import (
	"context"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
)

// Merge brings all segments into one, as bleve does little by little.
func (x *Index) Merge(ctx context.Context) error {
	return x.files.index.(*scorch.Scorch).ForceMerge(ctx, nil)
}

// LookAround makes a running index look for its files so often, until the function returned is called.
func LookAround(d time.Duration) (restore func()) {
	look, renew := lookAfter, renewAtMost
	lookAfter, renewAtMost = d, d
	return func() { lookAfter, renewAtMost = look, renew }
}

// Surprise is surprise.
var Surprise = surprise

// Terms lists all terms of all fields, as the dictionaries of the index hold them.
func (x *Index) Terms() (terms []string, err error) {
	_, r, _, err := x.snapshot()
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	fields, err := r.Fields()
	if err != nil {
		return nil, err
	}
	for _, field := range fields {
		dict, err := r.FieldDict(field)
		if err != nil {
			return nil, err
		}
		for e, err := dict.Next(); e != nil; e, err = dict.Next() {
			if err != nil {
				return nil, err
			}
			terms = append(terms, field+":"+e.Term)
		}
		if err := dict.Close(); err != nil {
			return nil, err
		}
	}
	return terms, nil
}

// Segments is how many segments are on disk.
func (x *Index) Segments() int { return x.files.segments() }

// CountAtMost lets so many matches be scored and counted, until the function returned is called.
func CountAtMost(n int) (restore func()) {
	before := countedMatches
	countedMatches = n
	return func() { countedMatches = before }
}

// Small indexes of tests are searched as large ones are, with all hands.
func init() { handsWorth = 0 }
