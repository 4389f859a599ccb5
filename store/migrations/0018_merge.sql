-- +goose Up
-- Ideas that were merged into others. The merged idea keeps its row, its votes and
-- its answers; its comments go below a label in the survivor's thread, and whoever
-- voted for it counts there once. What a merge brought says so (via), so that it
-- can be taken out again exactly.
CREATE TABLE merge (
	id         INTEGER PRIMARY KEY,
	from_id    BIGINT NOT NULL REFERENCES idea (id),
	into_id    BIGINT NOT NULL REFERENCES idea (id),  -- as it was said: the survivor may have been merged further
	from_board BIGINT NOT NULL REFERENCES board (id), -- where it comes back to
	from_stage TEXT NOT NULL,
	label_id   BIGINT NOT NULL REFERENCES comment (id),
	votes      BIGINT NOT NULL,            -- 1: its voters count on the survivor; 0: that took no votes any more
	imported   BIGINT NOT NULL DEFAULT 0,  -- votes without voters that count there with them
	person_id  BIGINT NOT NULL REFERENCES person (id),
	at         BIGINT NOT NULL,
	undone_at  BIGINT,
	CHECK (from_id <> into_id)
);
CREATE UNIQUE INDEX merge_from ON merge (from_id) WHERE undone_at IS NULL;
CREATE INDEX merge_into ON merge (into_id) WHERE undone_at IS NULL;

-- The idea that a merged one's readers are led to: one that is not merged itself.
-- merged counts how many are led to this one.
ALTER TABLE idea ADD COLUMN merged_into BIGINT REFERENCES idea (id) CHECK (merged_into <> id);
ALTER TABLE idea ADD COLUMN merged BIGINT NOT NULL DEFAULT 0;
CREATE INDEX idea_merged_into ON idea (merged_into) WHERE merged_into IS NOT NULL;

-- A comment with a label stands for an idea: merged, with its author and words;
-- parted or split, where the idea stands by itself again, or since then; hidden, where
-- nothing is left to say.
ALTER TABLE comment ADD COLUMN label TEXT NOT NULL DEFAULT '';
ALTER TABLE comment ADD COLUMN merged_id BIGINT REFERENCES idea (id);
ALTER TABLE comment ADD COLUMN via BIGINT REFERENCES merge (id);
CREATE INDEX comment_merged ON comment (merged_id) WHERE merged_id IS NOT NULL;
CREATE INDEX comment_via ON comment (via) WHERE via IS NOT NULL;

ALTER TABLE vote ADD COLUMN via BIGINT REFERENCES merge (id);
ALTER TABLE idea_follow ADD COLUMN via BIGINT REFERENCES merge (id);
