-- +goose Up
-- Exports of figures: numbered, and never changed. Their files stand here, so that
-- a backup holds them and what was said once is said for ever.
CREATE TABLE release (
	number    INTEGER PRIMARY KEY,
	at        BIGINT NOT NULL,
	person_id BIGINT REFERENCES person (id),  -- null: by the schedule
	asked     TEXT NOT NULL UNIQUE,           -- JSON: the same request is the same release
	first     BIGINT NOT NULL,                -- months
	last      BIGINT NOT NULL,
	version   TEXT NOT NULL,                  -- of the software
	figures   BIGINT NOT NULL,
	hidden    BIGINT NOT NULL
);
CREATE TABLE release_file (
	number BIGINT NOT NULL REFERENCES release (number),
	place  BIGINT NOT NULL,
	name   TEXT NOT NULL,
	type   TEXT NOT NULL,
	size   BIGINT NOT NULL,  -- bytes
	sha256 TEXT NOT NULL,
	bytes  BLOB NOT NULL,
	PRIMARY KEY (number, place)
);
-- +goose StatementBegin
CREATE TRIGGER release_stays BEFORE UPDATE ON release BEGIN SELECT RAISE(ABORT, 'a release never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER release_file_stays BEFORE UPDATE ON release_file BEGIN SELECT RAISE(ABORT, 'a release never changes'); END;
-- +goose StatementEnd

-- What is released every month by itself, as JSON; no row: nothing.
CREATE TABLE release_plan (
	id    INTEGER PRIMARY KEY CHECK (id = 1),
	asked TEXT NOT NULL
);
