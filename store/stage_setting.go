package store

import (
	"context"
	"fmt"

	"convivio/store/board"
)

// Stages lists what a board made of every stage, in their order. Errors: not_found.
func (s *Store) Stages(ctx context.Context, who board.Who, slug string) ([]board.StageSetting, error) {
	b, err := s.Board(ctx, who, slug)
	if err != nil {
		return nil, err
	}
	flow, err := s.Flow(ctx, b.ID)
	if err != nil {
		return nil, err
	}
	out := make([]board.StageSetting, len(board.Stages))
	for i, stage := range board.Stages {
		out[i] = board.StageSetting{Stage: stage, Name: flow.Name(stage), Off: flow.Off(stage)}
	}
	return out, nil
}

// checkStages checks the settings of a board's stages. Errors: invalid, naming the
// stage as field.
func checkStages(list []board.StageSetting) (board.Flow, error) {
	var flow board.Flow
	seen := map[board.Stage]bool{}
	for _, x := range list {
		name, err := board.Line(string(x.Stage), x.Name, board.MaxStageName, false)
		switch {
		case err != nil:
			return nil, err
		case !x.Stage.Known() || seen[x.Stage]:
			return nil, board.FieldFault("stage", "There is no stage with this name.")
		case x.Off && !x.Stage.Optional():
			return nil, board.FieldFault(string(x.Stage), "No board can do without this stage.")
		}
		seen[x.Stage] = true
		if name != "" || x.Off {
			flow = append(flow, board.StageSetting{Stage: x.Stage, Name: name, Off: x.Off})
		}
	}
	for i, x := range flow {
		for _, y := range flow[:i] {
			if x.Name != "" && x.Name == y.Name {
				return nil, board.FieldFault(string(x.Stage), "Two stages cannot have the same name.")
			}
		}
	}
	return flow, nil
}

// ChangeStages renames stages of a board or switches them off; what the list
// leaves out gets its usual name and is used. Errors: forbidden, not_found, invalid,
// conflict (the stage as field) when ideas stand in a stage that is switched off.
func (s *Store) ChangeStages(ctx context.Context, who board.Who, slug string, list []board.StageSetting) ([]board.StageSetting, error) {
	if err := adminsOnly(who); err != nil {
		return nil, err
	}
	flow, err := checkStages(list)
	if err != nil {
		return nil, err
	}
	_, err = s.write(ctx, who.ID, func(tx *Tx) error {
		id, err := tx.boardFor(who, slug)
		if err != nil {
			return err
		}
		if err := tx.admin(who); err != nil {
			return err
		}
		return tx.changeStages(id, flow)
	})
	if err != nil {
		return nil, err
	}
	return s.Stages(ctx, who, slug)
}

func (tx *Tx) changeStages(id int64, flow board.Flow) error {
	before, err := flowOf(tx.query, id)
	if err != nil || fmt.Sprint(before) == fmt.Sprint(flow.InOrder()) {
		return err
	}
	for _, x := range flow {
		var n int
		if err := tx.row(`SELECT COUNT(*) FROM idea WHERE board_id = $1 AND stage = $2 AND deleted_at IS NULL`, id, string(x.Stage)).Scan(&n); err != nil {
			return fmt.Errorf("count the ideas of a stage: %w", err)
		}
		if x.Off && n > 0 {
			return board.Fault(board.Conflict, "This stage cannot be switched off while ideas stand in it: move them first. There are %d.", n).On(string(x.Stage))
		}
	}
	if _, err := tx.exec(`DELETE FROM board_stage WHERE board_id = $1`, id); err != nil {
		return fmt.Errorf("change the stages of board %d: %w", id, err)
	}
	for _, x := range flow {
		if _, err := tx.exec(`INSERT INTO board_stage (board_id, stage, name, no_use) VALUES ($1, $2, $3, $4)`, id, string(x.Stage), x.Name, asInt(x.Off)); err != nil {
			return fmt.Errorf("change the stages of board %d: %w", id, err)
		}
	}
	seq, err := tx.record(board.BoardChanged, about{board: id})
	if err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE board SET last_seq = $1 WHERE id = $2`, seq, id); err != nil {
		return fmt.Errorf("change the stages of board %d: %w", id, err)
	}
	return tx.audit(act{kind: board.BoardChangedAct, board: id, before: map[string]any{"stages": before}, after: map[string]any{"stages": flow}})
}
