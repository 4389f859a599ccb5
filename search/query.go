package search

import (
	"context"
	"strconv"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	"github.com/blevesearch/bleve/v2/search/searcher"
	index "github.com/blevesearch/bleve_index_api"

	"convivio/store/board"
)

const maxClauses = 1024

func init() { searcher.DisjunctionMaxClauseCount = maxClauses }

// matching is the query for texts that have every word, scored by how telling
// the words are and whether they stand in the title.
func matching(words []asked) *query.BooleanQuery {
	q := query.NewBooleanQuery(nil, nil, nil)
	for _, a := range words {
		q.AddMust(a.anywhere())
		for _, t := range a.terms {
			title := query.NewTermQuery(t)
			title.SetField(titleField)
			title.SetBoost(2)
			q.AddShould(title)
		}
	}
	return q
}

// anywhere matches the word in a text in any of its forms.
func (a asked) anywhere() query.Query {
	options := anyTerm(textField, a.terms)
	if len(a.parts) > 0 {
		var all []query.Query
		for _, p := range a.parts {
			all = append(all, oneOf(anyTerm(textField, p)))
		}
		options = append(options, query.NewConjunctionQuery(all))
	}
	switch n := utf8.RuneCountInString(a.prefix); {
	case n > longestBegin:
		options = append(options, beginning(a.prefix))
	case n >= shortestBegin:
		options = append(options, unscored{oneOf(anyTerm(beginField, []string{a.prefix}))})
	}
	return oneOf(options)
}

func anyTerm(field string, terms []string) []query.Query {
	list := make([]query.Query, len(terms))
	for i, t := range terms {
		q := query.NewTermQuery(t)
		q.SetField(field)
		list[i] = q
	}
	return list
}

func oneOf(list []query.Query) query.Query {
	if len(list) == 1 {
		return list[0]
	}
	return query.NewDisjunctionQuery(list)
}

// unscored matches without a score: beginnings keep no counts to score by.
type unscored struct{ query.Query }

func (u unscored) Searcher(ctx context.Context, r index.IndexReader, m mapping.IndexMapping, o search.SearcherOptions) (search.Searcher, error) {
	o.Score = "none"
	return u.Query.Searcher(ctx, r, m, o)
}

// beginning matches the words that begin with it, without a score.
type beginning string

// maxBegun bounds the words one beginning may stand for.
const maxBegun = 1_000

func (b beginning) Searcher(ctx context.Context, r index.IndexReader, m mapping.IndexMapping, o search.SearcherOptions) (_ search.Searcher, err error) {
	words, err := r.FieldDictPrefix(typedField, []byte(b))
	if err != nil {
		return nil, err
	}
	defer func() {
		if e := words.Close(); err == nil {
			err = e
		}
	}()
	var found []string
	for len(found) < maxBegun {
		w, err := words.Next()
		if err != nil {
			return nil, err
		}
		if w == nil {
			break
		}
		found = append(found, w.Term)
	}
	if len(found) == 0 {
		found = append(found, string(b)) // matches nothing, as a query must have a term
	}
	return unscored{oneOf(anyTerm(typedField, found))}.Searcher(ctx, r, m, o)
}

// restrict adds what a reader may see and asked to see. It takes no part in the
// scores. A board that changed its visibility is held both ways until its texts
// have been indexed again: held as open, it must not be counted for those who
// may no longer see it.
func restrict(q *query.BooleanQuery, s sight, only board.Query, held map[int64]hold) {
	var all []query.Query
	switch b, chosen := s.board(only.Board); {
	case chosen:
		all = append(all, oneOf(anyTerm(boardField, []string{strconv.FormatInt(b.ID, 10)})))
	case s.guest:
		var ids []string
		for _, b := range s.boards {
			ids = append(ids, strconv.FormatInt(b.ID, 10))
		}
		all = append(all, oneOf(anyTerm(boardField, ids)))
	default:
		words := []string{access(0, false)}
		for _, b := range s.boards {
			if held[b.ID].Private {
				words = append(words, access(b.ID, true))
			}
		}
		all = append(all, oneOf(anyTerm(accessField, words)))
		for id, h := range held {
			if _, seen := s.slug(id); h.Open && !seen {
				q.AddMustNot(anyTerm(boardField, []string{strconv.FormatInt(id, 10)})...)
			}
		}
	}
	if only.Stage != "" {
		all = append(all, oneOf(anyTerm(stageField, []string{string(only.Stage)})))
	}
	if only.Author != 0 {
		all = append(all, oneOf(anyTerm(authorField, []string{strconv.FormatInt(only.Author, 10)})))
	}
	if len(all) == 1 {
		q.AddFilter(all[0])
	} else {
		q.AddFilter(query.NewConjunctionQuery(all))
	}
}
