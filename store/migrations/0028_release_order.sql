-- +goose Up
-- Releases that were asked for and are not made yet: their numbers are theirs
-- already. A row goes when the release stands.
CREATE TABLE release_order (
	number    INTEGER PRIMARY KEY,
	at        BIGINT NOT NULL,
	person_id BIGINT REFERENCES person (id),  -- null: by the schedule
	asked     TEXT NOT NULL UNIQUE,           -- JSON, as release has it
	begun     BIGINT NOT NULL DEFAULT 0,      -- how often it was begun
	reason    TEXT NOT NULL DEFAULT ''        -- why it could not be made; empty: it will be
);

-- The bytes of the files of releases, in pieces: none of them keeps anybody waiting,
-- neither when it is written nor when it is read. Pieces without a release are of
-- one in the making.
CREATE TABLE release_piece (
	number BIGINT NOT NULL,
	place  BIGINT NOT NULL,
	piece  BIGINT NOT NULL,
	size   BIGINT NOT NULL,  -- bytes of the file in it
	packed BIGINT NOT NULL,  -- 1: gzip
	bytes  BLOB NOT NULL,
	PRIMARY KEY (number, place, piece)
);
INSERT INTO release_piece (number, place, piece, size, packed, bytes)
	SELECT number, place, 0, size, 0, bytes FROM release_file;
ALTER TABLE release_file DROP COLUMN bytes;

-- +goose StatementBegin
CREATE TRIGGER release_piece_stays BEFORE UPDATE ON release_piece BEGIN SELECT RAISE(ABORT, 'a release never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER release_is_kept BEFORE DELETE ON release BEGIN SELECT RAISE(ABORT, 'a release is never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER release_file_is_kept BEFORE DELETE ON release_file BEGIN SELECT RAISE(ABORT, 'a release is never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER release_piece_is_kept BEFORE DELETE ON release_piece
	WHEN EXISTS (SELECT 1 FROM release WHERE number = OLD.number)
	BEGIN SELECT RAISE(ABORT, 'a release is never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER release_piece_is_whole BEFORE INSERT ON release_piece
	WHEN EXISTS (SELECT 1 FROM release WHERE number = NEW.number)
	BEGIN SELECT RAISE(ABORT, 'a release never changes'); END;
-- +goose StatementEnd

-- From which month on every month is released by itself.
ALTER TABLE release_plan ADD COLUMN since BIGINT NOT NULL DEFAULT 0;
UPDATE release_plan SET since = COALESCE((SELECT MAX(month) FROM month), 0);
