-- +goose Up
-- What boards made of the stages: names of their own, and those they do without.
-- A board that changed nothing has no rows.
CREATE TABLE board_stage (
	board_id BIGINT NOT NULL REFERENCES board (id),
	stage    TEXT NOT NULL,
	name     TEXT NOT NULL DEFAULT '',
	no_use   BIGINT NOT NULL DEFAULT 0,
	PRIMARY KEY (board_id, stage)
);

-- Days stand as 2027-03-31, so that they compare as they follow each other.
ALTER TABLE stage_change ADD COLUMN quiet BIGINT NOT NULL DEFAULT 0;     -- nobody was told
ALTER TABLE stage_change ADD COLUMN until TEXT NOT NULL DEFAULT '';      -- parked: the day to look again
ALTER TABLE stage_change ADD COLUMN owner_id BIGINT REFERENCES person (id);  -- who sees to it from here on
ALTER TABLE stage_change ADD COLUMN due TEXT NOT NULL DEFAULT '';
ALTER TABLE stage_change ADD COLUMN measured TEXT NOT NULL DEFAULT '';   -- done: how one knows

-- What was promised: that somebody sees to an idea by a day. How it came to be
-- stands in stage_change; here stands what it is now.
CREATE TABLE promise (
	id        INTEGER PRIMARY KEY,
	idea_id   BIGINT NOT NULL REFERENCES idea (id),
	owner_id  BIGINT NOT NULL REFERENCES person (id),
	due       TEXT NOT NULL,
	first_due TEXT NOT NULL,               -- as it was promised at first
	made_at   BIGINT NOT NULL,
	ended     TEXT NOT NULL DEFAULT '',    -- the stage that ended it; empty: it still holds
	ended_on  TEXT NOT NULL DEFAULT '',    -- the day
	told_at   BIGINT                       -- when the owner was told that the day is past
);
CREATE UNIQUE INDEX promise_open ON promise (idea_id) WHERE ended = '';
CREATE INDEX promise_idea ON promise (idea_id, id);
CREATE INDEX promise_due ON promise (due) WHERE ended = '';

-- Parked ideas and the day to look at them again.
CREATE TABLE parked (
	idea_id BIGINT PRIMARY KEY REFERENCES idea (id),
	until   TEXT NOT NULL
);
CREATE INDEX parked_until ON parked (until);

-- Ideas that are being written, seen by their authors alone. Nothing that lists or
-- finds ideas reads this table.
CREATE TABLE idea_draft (
	id         INTEGER PRIMARY KEY,
	person_id  BIGINT NOT NULL REFERENCES person (id),
	board_id   BIGINT NOT NULL REFERENCES board (id),
	made       TEXT NOT NULL,              -- key of the form that made it
	created_at BIGINT NOT NULL,
	changed_at BIGINT NOT NULL,
	title      TEXT NOT NULL,
	tags       TEXT NOT NULL,
	body       TEXT NOT NULL
);
CREATE UNIQUE INDEX idea_draft_made ON idea_draft (person_id, made);
CREATE INDEX idea_draft_person ON idea_draft (person_id, changed_at);

-- Files that drafts name are kept for as long as they do.
CREATE TABLE draft_file (
	draft_id BIGINT NOT NULL REFERENCES idea_draft (id),
	file_id  BIGINT NOT NULL REFERENCES file (id),
	PRIMARY KEY (draft_id, file_id)
);
CREATE INDEX draft_file_file ON draft_file (file_id);
