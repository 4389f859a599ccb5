-- +goose Up
-- What a board offers to begin an idea's text with; empty: nothing.
ALTER TABLE board ADD COLUMN template TEXT NOT NULL DEFAULT '';

-- What was deleted a moment ago, to be taken back by who deleted it and nobody
-- else. The words are gone from everywhere else at once, and from here within a
-- minute.
CREATE TABLE removed (
	id         INTEGER PRIMARY KEY,
	idea_id    BIGINT NOT NULL REFERENCES idea (id),
	comment_id BIGINT REFERENCES comment (id),  -- null: the idea with all that hangs on it
	person_id  BIGINT NOT NULL REFERENCES person (id),
	at         BIGINT NOT NULL
);
CREATE INDEX removed_idea ON removed (idea_id);

CREATE TABLE removed_text (
	id         INTEGER PRIMARY KEY,
	removed_id BIGINT NOT NULL REFERENCES removed (id),
	part       TEXT NOT NULL,    -- the table it stood in
	ref        BIGINT NOT NULL,  -- the row it stood in; of a version the idea or comment
	at         BIGINT NOT NULL DEFAULT 0,
	lang       TEXT NOT NULL DEFAULT '',
	title      TEXT NOT NULL DEFAULT '',
	excerpt    TEXT NOT NULL DEFAULT '',
	tags       TEXT NOT NULL DEFAULT '',
	body       TEXT NOT NULL,
	html       TEXT NOT NULL DEFAULT ''
);
CREATE INDEX removed_text_removed ON removed_text (removed_id, part, ref);
