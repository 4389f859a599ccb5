package search

import (
	"sync"

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
	for _, t := range terms {
		f.bytes += len(t)
		switch tf := f.terms[t]; {
		case options == present:
			f.terms[t] = times(0)
		case tf == nil:
			f.terms[t] = times(1)
		default:
			f.terms[t] = times(tf.Frequency() + 1)
		}
	}
	return f
}

// times is a count of a term. Bleve reads counts and never changes one, so all
// terms of all texts share them: a text has a hundred, a batch many thousands.
func times(n int) *index.TokenFreq {
	if n < len(shared) {
		return &shared[n]
	}
	tf := &index.TokenFreq{}
	tf.SetFrequency(n)
	return tf
}

var shared = func() (list [256]index.TokenFreq) {
	for n := range list {
		list[n].SetFrequency(n)
	}
	return list
}()

// fields of one term that many texts have: open, new, 2026.
var widespread sync.Map // term → index.TokenFrequencies

func commonField(name, term string) *field {
	terms, ok := widespread.Load(term)
	if !ok {
		terms, _ = widespread.LoadOrStore(term, index.TokenFrequencies{term: times(0)})
	}
	return &field{name: name, options: present, terms: terms.(index.TokenFrequencies), length: 1, bytes: len(term)}
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
