package store

import (
	"context"
	"database/sql"
	"fmt"
)

// PeopleNames lists what everybody is called, names and handles, so that nobody
// becomes a topic.
func (s *Store) PeopleNames(ctx context.Context) ([]string, error) {
	rows, err := s.readDB.QueryContext(ctx, `SELECT p.name FROM person p UNION SELECT p.handle FROM person p`)
	if err != nil {
		return nil, fmt.Errorf("list what people are called: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (name string, err error) { err = rows.Scan(&name); return name, err })
}
