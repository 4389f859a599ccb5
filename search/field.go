package search

import (
	"github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"
)

// field is a field of a document whose terms are worked out before bleve gets
// it. Bleve analyzes in goroutines of its own, where a panic would end the
// process and where people's requests could not come first.
type field struct {
	name    string
	options index.FieldIndexingOptions
	terms   index.TokenFrequencies
	length  int // in words, for the scores
	bytes   int
}

var _ document.Field = (*field)(nil)

// How the fields are kept: words with their counts, for scores; words of which
// only the presence counts; a value that is read back.
const (
	counted = index.IndexField
	present = index.IndexField | index.SkipFreqNorm
	kept    = index.IndexField | index.SkipFreqNorm | index.DocValues | unpacked
)

// unpacked keeps values so that one can be read without the others around it:
// they are read for every match. The two go together: with the first alone, a
// merge of segments loses values.
const unpacked = index.SkipDVCompression | index.SkipDVChunking

// newField makes a field of terms, which may repeat. Terms of which only the
// presence counts have no count: bleve would keep one, and the length, for each.
func newField(name string, options index.FieldIndexingOptions, terms []string) *field {
	f := &field{name: name, options: options, terms: make(index.TokenFrequencies, len(terms)), length: len(terms)}
	slab := make([]index.TokenFreq, len(terms))
	one := 1
	if options == present {
		one = 0
	}
	for _, t := range terms {
		f.bytes += len(t)
		if tf := f.terms[t]; tf != nil {
			tf.SetFrequency(tf.Frequency() + one)
			continue
		}
		tf := &slab[0]
		slab = slab[1:]
		tf.Term = []byte(t)
		tf.SetFrequency(one)
		f.terms[t] = tf
	}
	return f
}

// Name, and the rest of document.Field.
func (f *field) Name() string                                     { return f.name }
func (f *field) ArrayPositions() []uint64                         { return nil }
func (f *field) Options() index.FieldIndexingOptions              { return f.options }
func (f *field) Analyze()                                         {}
func (f *field) Value() []byte                                    { return nil }
func (f *field) NumPlainTextBytes() uint64                        { return uint64(max(0, f.bytes)) }
func (f *field) Size() int                                        { return f.bytes }
func (f *field) EncodedFieldType() byte                           { return 't' }
func (f *field) AnalyzedLength() int                              { return f.length }
func (f *field) AnalyzedTokenFrequencies() index.TokenFrequencies { return f.terms }
