-- +goose Up
-- How widely an idea is supported, as it was counted last: see store/breadth.go.
ALTER TABLE idea ADD COLUMN breadth BIGINT NOT NULL DEFAULT 0;       -- what lists sort by; 0: not told
ALTER TABLE idea ADD COLUMN breadth_at BIGINT NOT NULL DEFAULT 0;    -- when it was counted
ALTER TABLE idea ADD COLUMN breadth_told TEXT NOT NULL DEFAULT '';   -- people, guests, teams of teams, sites of sites
CREATE INDEX idea_board_breadth ON idea (board_id, breadth, id) WHERE deleted_at IS NULL;
