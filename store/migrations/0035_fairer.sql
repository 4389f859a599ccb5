-- +goose Up
-- When a board's clock stood switched off, after it had run: nobody's waiting counts
-- then. ends_at is null while it does.
CREATE TABLE clock_pause (
	board_id BIGINT NOT NULL REFERENCES board (id),
	began_at BIGINT NOT NULL,
	ends_at  BIGINT,
	PRIMARY KEY (board_id, began_at)
);

-- Which press decided: one that decides about several items lays one measure upon a
-- person. Empty: about one item alone.
ALTER TABLE decision ADD COLUMN press TEXT NOT NULL DEFAULT '';
CREATE INDEX decision_press ON decision (press) WHERE press <> '';
