package store

import (
	"context"
	"database/sql"
	"fmt"

	"convivio/store/board"
)

// SeesUnits tells whether somebody may see figures of teams, sites and boards: HR,
// and the works council, which sees what HR sees. The company's are everybody's.
func SeesUnits(who board.Who) bool { return who.Has(board.HR) || who.Has(board.Council) }

// Months lists the months that have figures, the latest first. Errors: not_found
// for guests.
func (s *Store) Months(ctx context.Context, who board.Who) ([]board.Month, error) {
	if who.Kind != board.Employee {
		return nil, board.Missing()
	}
	rows, err := s.readDB.QueryContext(ctx, `SELECT month FROM month ORDER BY month DESC`)
	if err != nil {
		return nil, fmt.Errorf("list months: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (m board.Month, err error) { err = rows.Scan(&m); return m, err })
}

// Figures reads the published figures of some months, first and last included, by
// one dimension: lines by name, the others last. Of some measures only, where any
// are named. Errors: not_found for guests, forbidden for units unless SeesUnits,
// invalid.
func (s *Store) Figures(ctx context.Context, who board.Who, by board.Dimension, first, last board.Month, only ...board.Measure) ([]board.Figure, error) {
	switch {
	case who.Kind != board.Employee:
		return nil, board.Missing()
	case by == board.ByCompany:
	case by != board.ByTeam && by != board.BySite && by != board.ByBoard:
		return nil, board.FieldFault("by", "Figures are by company, team, site or board.")
	case !SeesUnits(who):
		return nil, board.Fault(board.Forbidden, "Figures by team, site and board are for HR and the works council. Those of the whole company are for everybody.")
	}
	return s.figures(ctx, by, first, last, only...)
}

func (s *Store) figures(ctx context.Context, by board.Dimension, first, last board.Month, only ...board.Measure) ([]board.Figure, error) {
	args := []any{int64(first), int64(last), string(by)}
	where := ""
	if len(only) > 0 {
		marks, measures := inList(only, len(args)+1)
		where, args = ` AND measure IN (`+marks+`)`, append(args, measures...)
	}
	// #nosec G202 -- placeholders alone are put together
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT month, measure, dimension, unit, unit_id, others, state, value, steady FROM figure
		WHERE month >= $1 AND month <= $2 AND dimension = $3`+where+` ORDER BY month, measure, others > 0, unit, unit_id`, args...)
	if err != nil {
		return nil, fmt.Errorf("read figures: %w", err)
	}
	return collect(rows, scanFigure)
}

func scanFigure(rows *sql.Rows) (f board.Figure, err error) {
	err = rows.Scan(&f.Month, &f.Measure, &f.By, &f.Unit, &f.UnitID, &f.Others, &f.State, &f.Value, &f.Steady)
	return f, err
}
