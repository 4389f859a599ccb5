package store

import (
	"context"
	"database/sql"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"unicode"

	"convivio/store/board"
)

// A rule is matched against a text as people read it and as it was typed, both
// folded as searches are: “Casa!” is casa, “casale” is not.

// ruleBook keeps the rules in force in memory: every post is held to them.
type ruleBook struct {
	mu    sync.Mutex
	read  bool
	rules []foldedRule
	first map[board.Kind]int

	heldRead, held bool  // whether anything waits,
	heldAt         int64 // at this head of the log
}

type foldedRule struct {
	board.Rule
	folded string   // of a word rule, between spaces
	hosts  []string // of a link rule, that are no outside
}

// forget lets the rules be read anew.
func (b *ruleBook) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.read = false
}

// firstOf is how many first posts wait of a kind of person.
func (b *ruleBook) firstOf(kind board.Kind) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.first[kind]
}

// ruleBook reads the rules in force, from memory where they stand.
func (s *Store) ruleBook(ctx context.Context) ([]foldedRule, map[board.Kind]int, error) {
	s.rules.mu.Lock()
	defer s.rules.mu.Unlock()
	if s.rules.read {
		return s.rules.rules, s.rules.first, nil
	}
	list, err := s.rulesInForce(ctx)
	if err != nil {
		return nil, nil, err
	}
	folded := make([]foldedRule, 0, len(list))
	for _, r := range list {
		folded = append(folded, foldRule(r))
	}
	rows, err := s.readDB.QueryContext(ctx, `SELECT kind, posts FROM hold_first`)
	if err != nil {
		return nil, nil, fmt.Errorf("read whose first posts wait: %w", err)
	}
	first := map[board.Kind]int{}
	if _, err := collect(rows, func(rows *sql.Rows) (struct{}, error) {
		var kind board.Kind
		var n int
		err := rows.Scan(&kind, &n)
		first[kind] = n
		return struct{}{}, err
	}); err != nil {
		return nil, nil, err
	}
	s.rules.rules, s.rules.first, s.rules.read = folded, first, true
	return folded, first, nil
}

func foldRule(r board.Rule) foldedRule {
	f := foldedRule{Rule: r}
	if r.Kind == board.WordRule {
		f.folded = foldedWords(r.Words)
	} else {
		f.hosts = strings.Fields(strings.ToLower(r.Words))
	}
	return f
}

// foldedWords writes a text as rules compare it: folded words between single
// spaces. What is not seen does not keep two halves of a word apart.
func foldedWords(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, text)
	return " " + strings.Join(strings.Fields(searchable(text)), " ") + " "
}

var (
	htmlLinks = regexp.MustCompile(`(?:href|src)="([^"]*)"`)
	htmlTags  = regexp.MustCompile(`<(/?)([a-z0-9]*)[^>]*>`)
)

// inlineTags do not keep the halves of a word apart: ca<b>sa</b>.
var inlineTags = map[string]bool{"a": true, "b": true, "i": true, "em": true, "strong": true, "del": true, "s": true, "code": true, "span": true, "mark": true, "sub": true, "sup": true}

// plainOf is a rendered text without its tags.
func plainOf(rendered string) string {
	return html.UnescapeString(htmlTags.ReplaceAllStringFunc(rendered, func(tag string) string {
		if inlineTags[htmlTags.FindStringSubmatch(tag)[2]] {
			return ""
		}
		return " "
	}))
}

// caught lists the rules that a text is caught by, of every board: at most one
// catch a rule.
func caught(rules []foldedRule, typed, rendered string) []board.Catch {
	var out []board.Catch
	var folded string
	for _, r := range rules {
		switch r.Kind {
		case board.WordRule:
			if folded == "" { // most companies have no rules: most texts are not folded
				folded = foldedWords(typed) + "\n" + foldedWords(plainOf(rendered))
			}
			if len(r.folded) > 2 && strings.Contains(folded, r.folded) {
				out = append(out, board.Catch{Rule: r.Rule, Found: r.Words})
			}
		case board.LinkRule:
			if address := outsideLink(rendered, r.hosts); address != "" {
				out = append(out, board.Catch{Rule: r.Rule, Found: address})
			}
		}
	}
	return out
}

// outsideLink finds the first link that leads to a host that is none of these,
// nor below one of them.
func outsideLink(rendered string, hosts []string) string {
	for _, m := range htmlLinks.FindAllStringSubmatch(rendered, -1) {
		address := html.UnescapeString(m[1])
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || inside(strings.ToLower(u.Hostname()), hosts) {
			continue
		}
		return address
	}
	return ""
}

func inside(host string, hosts []string) bool {
	for _, h := range hosts {
		if host == h || strings.HasSuffix(host, "."+h) {
			return true
		}
	}
	return false
}

const ruleColumns = `r.id, r.kind, r.words, COALESCE(b.id, 0), COALESCE(b.slug, ''), COALESCE(b.name, ''), r.added_at`

func ruleFields(r *board.Rule, added *int64) []any {
	return []any{&r.ID, &r.Kind, &r.Words, &r.BoardID, &r.Board, &r.BoardName, added}
}

func (s *Store) rulesInForce(ctx context.Context) ([]board.Rule, error) {
	rows, err := s.readDB.QueryContext(ctx, `SELECT `+ruleColumns+` FROM rule r LEFT JOIN board b ON b.id = r.board_id WHERE r.ended_at IS NULL ORDER BY r.id`)
	if err != nil {
		return nil, fmt.Errorf("list rules: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (r board.Rule, err error) {
		var added int64
		err = rows.Scan(ruleFields(&r, &added)...)
		r.AddedAt = at(added)
		return r, err
	})
}

// Rules lists the rules in force, the oldest first, but for those of private
// boards that the administrator is no member of. Errors: forbidden.
func (s *Store) Rules(ctx context.Context, who board.Who) ([]board.Rule, error) {
	if err := adminsOnly(who); err != nil {
		return nil, err
	}
	list, err := s.rulesInForce(ctx)
	if err != nil {
		return nil, err
	}
	boards, err := s.Boards(ctx, who)
	if err != nil {
		return nil, err
	}
	seen := map[int64]bool{0: true}
	for _, b := range boards {
		seen[b.ID] = true
	}
	out := list[:0]
	for _, r := range list {
		if seen[r.BoardID] {
			out = append(out, r)
		}
	}
	return out, nil
}

// checkRule checks what was given about a rule and returns it tidied. Errors: invalid.
func checkRule(in board.NewRule) (board.NewRule, error) {
	var err error
	if in.Words, err = board.Line("words", in.Words, board.MaxRuleWords, in.Kind == board.WordRule); err != nil {
		return in, err
	}
	switch in.Kind {
	case board.WordRule:
		if foldedWords(in.Words) == "  " {
			return in, board.FieldFault("words", "Write a word or a phrase with letters or digits.")
		}
	case board.LinkRule:
		hosts := strings.FieldsFunc(strings.ToLower(in.Words), func(r rune) bool { return r == ' ' || r == ',' || r == ';' })
		for i, h := range hosts {
			h = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(h, "https://"), "http://"), "/")
			if strings.ContainsAny(h, `/\?#@<>"'`) || !strings.Contains(h, ".") {
				return in, board.FieldFault("words", "Write hosts such as example.it, separated by spaces.")
			}
			hosts[i] = h
		}
		in.Words = strings.Join(hosts, " ")
	default:
		return in, board.FieldFault("kind", "A rule looks for words or for links.")
	}
	return in, nil
}

// AddRule lets posts wait for a moderator in which something stands. Errors:
// forbidden, invalid, not_found for the board, conflict beyond board.MaxRules.
func (s *Store) AddRule(ctx context.Context, who board.Who, in board.NewRule, key string) (board.Rule, error) {
	in, err := checkRule(in)
	if err != nil {
		return board.Rule{}, err
	}
	o, err := newOnce(who, key, "AddRule", in)
	if err != nil {
		return board.Rule{}, err
	}
	r := board.Rule{Kind: in.Kind, Words: in.Words, Board: in.Board}
	_, err = s.write(ctx, who.ID, func(tx *Tx) error {
		if err := tx.admin(who); err != nil {
			return err
		}
		earlier, _, found, err := tx.earlier(o)
		if r.ID = earlier; found || err != nil {
			return err
		}
		if in.Board != "" {
			if r.BoardID, err = tx.boardFor(who, in.Board); err != nil {
				return err
			}
		}
		var n int
		if err := tx.row(`SELECT COUNT(*) FROM rule WHERE ended_at IS NULL`).Scan(&n); err != nil {
			return fmt.Errorf("count rules: %w", err)
		}
		if n >= board.MaxRules {
			return board.Fault(board.Conflict, "There are already %d rules. Remove one first.", n)
		}
		r.AddedAt = at(tx.Now)
		if r.ID, err = tx.insert(`INSERT INTO rule (kind, words, board_id, added_at) VALUES ($1, $2, $3, $4) RETURNING id`,
			string(in.Kind), in.Words, orNull(r.BoardID), tx.Now); err != nil {
			return fmt.Errorf("add a rule: %w", err)
		}
		if _, err := tx.record(board.RuleAdded, about{subject: r.ID}); err != nil {
			return err
		}
		if err := tx.audit(act{kind: board.RuleAddedAct, board: r.BoardID, after: map[string]any{"rule": r.ID, "kind": in.Kind}}); err != nil {
			return err
		}
		return tx.remember(o, r.ID)
	})
	s.rules.forget()
	return r, err
}

// EndRule takes a rule away. What waits because of it goes on waiting. Ending it
// again changes nothing. Errors: forbidden, not_found.
func (s *Store) EndRule(ctx context.Context, who board.Who, id int64) (int64, error) {
	seq, err := s.write(ctx, who.ID, func(tx *Tx) error {
		if err := tx.admin(who); err != nil {
			return err
		}
		var boardID int64
		var ended bool
		if err := tx.row(`SELECT COALESCE(board_id, 0), ended_at IS NOT NULL FROM rule WHERE id = $1`, id).Scan(&boardID, &ended); err != nil || ended {
			return missingIfNone(err, "find rule %d", id)
		}
		if _, err := tx.exec(`UPDATE rule SET ended_at = $1 WHERE id = $2`, tx.Now, id); err != nil {
			return fmt.Errorf("end rule %d: %w", id, err)
		}
		if _, err := tx.record(board.RuleEnded, about{subject: id}); err != nil {
			return err
		}
		return tx.audit(act{kind: board.RuleEndedAct, board: boardID, before: map[string]any{"rule": id}})
	})
	s.rules.forget()
	return seq, err
}

// FirstPosts tells how many first posts of whom wait. Errors: forbidden.
func (s *Store) FirstPosts(ctx context.Context, who board.Who) (board.FirstPosts, error) {
	if err := adminsOnly(who); err != nil {
		return board.FirstPosts{}, err
	}
	_, first, err := s.ruleBook(ctx)
	return board.FirstPosts{Employees: first[board.Employee], Guests: first[board.Guest]}, err
}

// SetFirstPosts says how many first posts of whom wait. Errors: forbidden, invalid.
func (s *Store) SetFirstPosts(ctx context.Context, who board.Who, f board.FirstPosts) (int64, error) {
	for field, n := range map[string]int{"employees": f.Employees, "guests": f.Guests} {
		if n < 0 || n > board.MaxFirstPosts {
			return 0, board.FieldFault(field, "Write a number from 0 to %d.", board.MaxFirstPosts)
		}
	}
	seq, err := s.write(ctx, who.ID, func(tx *Tx) error {
		if err := tx.admin(who); err != nil {
			return err
		}
		for kind, n := range map[board.Kind]int{board.Employee: f.Employees, board.Guest: f.Guests} {
			if _, err := tx.exec(`INSERT INTO hold_first (kind, posts) VALUES ($1, $2) ON CONFLICT (kind) DO UPDATE SET posts = excluded.posts`, string(kind), n); err != nil {
				return fmt.Errorf("say whose first posts wait: %w", err)
			}
		}
		if _, err := tx.record(board.RuleAdded, about{}); err != nil {
			return err
		}
		return tx.audit(act{kind: board.FirstPostsAct, after: f})
	})
	s.rules.forget()
	return seq, err
}

// TryRules tells what would make a text wait: a rule that is being written, and
// those in force on its board. Nothing is kept. Errors: forbidden, invalid.
func (s *Store) TryRules(ctx context.Context, who board.Who, in board.NewRule, example string) ([]board.Catch, error) {
	rules, err := s.Rules(ctx, who)
	if err != nil {
		return nil, err
	}
	text, err := s.render(ctx, who, "example", example, true)
	if err != nil {
		return nil, err
	}
	var folded []foldedRule
	if in.Words != "" || in.Kind == board.LinkRule {
		if in, err = checkRule(in); err != nil {
			return nil, err
		}
		folded = append(folded, foldRule(board.Rule{Kind: in.Kind, Words: in.Words, Board: in.Board}))
	}
	for _, r := range rules {
		if in.Board == "" || r.Board == "" || r.Board == in.Board {
			folded = append(folded, foldRule(r))
		}
	}
	return caught(folded, text.body, text.html), nil
}
