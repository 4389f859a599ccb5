-- +goose Up
-- Within what working time a board owes its ideas an answer (0: it has no clock),
-- and its calendar as JSON, empty where it is the usual one.
ALTER TABLE board ADD COLUMN answer_time BIGINT NOT NULL DEFAULT 5;
ALTER TABLE board ADD COLUMN answer_unit TEXT NOT NULL DEFAULT 'days';  -- hours, days
ALTER TABLE board ADD COLUMN calendar TEXT NOT NULL DEFAULT '';
-- Since when it has its clock: what was posted before waits since then, so that
-- nothing is born late.
ALTER TABLE board ADD COLUMN clock_from BIGINT NOT NULL DEFAULT 0;

-- Whether who answered owned the board then: only such an answer stops the clock.
-- Until now boards had no owners, and moderators stood in.
ALTER TABLE answer ADD COLUMN by_owner BIGINT NOT NULL DEFAULT 0;
UPDATE answer SET by_owner = 1;

-- The ideas that wait for an answer, and no others. Rows of their own, because
-- changing one of idea writes its texts again.
CREATE TABLE clock (
	idea_id  INTEGER PRIMARY KEY REFERENCES idea (id),
	board_id BIGINT NOT NULL REFERENCES board (id),  -- as of the idea
	due_at   BIGINT              -- null: the board has no clock; 0: to be worked out when the folder is opened
);
CREATE INDEX clock_board ON clock (board_id, idea_id);
CREATE INDEX clock_board_due ON clock (board_id, due_at, idea_id) WHERE due_at IS NOT NULL;
CREATE INDEX clock_due ON clock (due_at, idea_id, board_id) WHERE due_at IS NOT NULL;
INSERT INTO clock (idea_id, board_id, due_at)
	SELECT i.id, i.board_id, 0 FROM idea i
	WHERE i.deleted_at IS NULL AND i.stage NOT IN ('parked', 'withdrawn', 'merged')
	  AND NOT EXISTS (SELECT 1 FROM answer a WHERE a.idea_id = i.id);
UPDATE board SET waiting = (SELECT COUNT(*) FROM clock k WHERE k.board_id = board.id);

CREATE INDEX IF NOT EXISTS person_team ON person (team_id);
