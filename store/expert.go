package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"convivio/store/board"
)

// Who knows about a subject is whoever said they may be asked, and wrote something
// on it that others voted for, decided to do, or cited.

const (
	expertsShown  = 5
	creditsShown  = 2
	expertIdeas   = 10 // of a subject that are looked at
	votesOfOthers = 3  // that speak for an idea, or people whose reactions speak for a comment
)

// OfferToBeAsked says whether somebody may be named to others as one who knows.
// Nobody is before they say so. Errors: not_found.
func (s *Store) OfferToBeAsked(ctx context.Context, who board.Who, offers bool) (int64, error) {
	return s.write(ctx, who.ID, func(tx *Tx) error {
		n, err := tx.exec(`UPDATE person SET expert = $1 WHERE id = $2 AND disabled_at IS NULL AND expert <> $1`, asInt(offers), who.ID)
		if err != nil {
			return fmt.Errorf("offer to be asked: %w", err)
		}
		if rows, err := n.RowsAffected(); err != nil || rows == 0 {
			return err
		}
		return tx.personChanged(who.ID)
	})
}

// OffersToBeAsked tells whether somebody said that they may be asked. Errors: not_found.
func (s *Store) OffersToBeAsked(ctx context.Context, who board.Who) (offers bool, err error) {
	err = s.readDB.QueryRowContext(ctx, `SELECT expert = 1 FROM person WHERE id = $1`, who.ID).Scan(&offers)
	return offers, missingIfNone(err, "read person %d", who.ID)
}

// Experts finds people who may be asked about a subject, which is told by ideas
// on it, the nearest first. What speaks for them is what the reader may see.
func (s *Store) Experts(ctx context.Context, who board.Who, ideas []int64) ([]board.Expert, error) {
	if len(ideas) == 0 || !s.On(board.FeatureExperts) {
		return nil, nil
	}
	ideas = ideas[:min(len(ideas), expertIdeas)]
	marks, args := inList(ideas, 4)
	const asked = ` JOIN person p ON p.id = w.author_id AND p.expert = 1 AND p.disabled_at IS NULL AND p.id <> $2 LEFT JOIN team t ON t.id = p.team_id`
	const person = `p.id, p.name, COALESCE(t.name, '') AS team, s.id AS idea, s.title, s.lang, `
	// #nosec G202 -- literals of this package, and placeholders
	rows, err := s.readDB.QueryContext(ctx, `
		WITH s AS MATERIALIZED (SELECT i.id, i.title, i.lang, i.author_id, i.votes, i.stage FROM idea i JOIN board b ON b.id = i.board_id
			WHERE i.deleted_at IS NULL AND i.id IN (`+marks+`) AND `+sees+`)
		SELECT id, name, team, idea, title, lang, comment, why FROM (
			SELECT `+person+`0 AS comment, CASE WHEN s.stage IN ('planned', 'in_progress', 'done') THEN '`+board.ForDecision+`'
				WHEN s.votes > $3 THEN '`+board.ForVotes+`'
				WHEN EXISTS (SELECT 1 FROM citation x JOIN idea i ON i.id = x.idea_id JOIN board b ON b.id = i.board_id LEFT JOIN comment c ON c.id = x.comment_id
					WHERE x.cited_id = s.id AND i.author_id <> s.author_id AND i.deleted_at IS NULL AND c.deleted_at IS NULL AND `+sees+`) THEN '`+board.ForCitation+`'
				ELSE '' END AS why
			FROM s JOIN idea w ON w.id = s.id`+asked+`
			UNION ALL
			SELECT `+person+`w.id, CASE WHEN EXISTS (SELECT 1 FROM answer_cite a WHERE a.comment_id = w.id) THEN '`+board.ForCitation+`'
				WHEN (SELECT COUNT(DISTINCT x.person_id) FROM reaction x WHERE x.comment_id = w.id AND x.person_id <> w.author_id AND x.kind <> 'puzzled') >= $3 THEN '`+board.ForVotes+`'
				ELSE '' END
			FROM s JOIN comment w ON w.idea_id = s.id AND w.deleted_at IS NULL`+asked+`) AS credit
		WHERE why <> ''`, append([]any{string(who.Kind), who.ID, votesOfOthers}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("read who knows: %w", err)
	}
	found, err := collect(rows, func(rows *sql.Rows) (e board.Expert, err error) {
		var c board.Credit
		var comment int64
		err = rows.Scan(&e.ID, &e.Name, &e.Team, &c.Idea, &c.Title, &c.TitleLang, &comment, &c.For)
		if comment != 0 {
			c.Comment = &comment
		}
		e.Credits = []board.Credit{c}
		return e, err
	})
	return byPerson(found, ideas), err
}

// byPerson gathers what speaks for each, and keeps those who wrote on the nearest
// ideas, by id: nothing tells who has more to show.
func byPerson(found []board.Expert, ideas []int64) []board.Expert {
	slices.SortStableFunc(found, func(a, b board.Expert) int {
		return slices.Index(ideas, a.Credits[0].Idea) - slices.Index(ideas, b.Credits[0].Idea)
	})
	var list []board.Expert
	for _, e := range found {
		at := slices.IndexFunc(list, func(o board.Expert) bool { return o.ID == e.ID })
		switch {
		case at < 0 && len(list) < expertsShown:
			list = append(list, e)
		case at >= 0 && len(list[at].Credits) < creditsShown:
			list[at].Credits = append(list[at].Credits, e.Credits[0])
		}
	}
	slices.SortFunc(list, func(a, b board.Expert) int { return int(a.ID - b.ID) })
	return list
}
