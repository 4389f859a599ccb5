-- +goose Up
-- Files that people attach. The bytes stand in the folder files of the data
-- folder, named by their SHA-256; a row never changes, but for used.

CREATE TABLE file (
	id          INTEGER PRIMARY KEY,
	person_id   BIGINT NOT NULL REFERENCES person (id),  -- who attached it, and alone may name it
	hash        TEXT NOT NULL,
	view_hash   TEXT NOT NULL DEFAULT '',  -- of a picture as a page shows it; may be hash itself
	type        TEXT NOT NULL,             -- media type of the bytes
	view_type   TEXT NOT NULL DEFAULT '',
	size        BIGINT NOT NULL,           -- bytes
	view_size   BIGINT NOT NULL DEFAULT 0,
	width       BIGINT NOT NULL DEFAULT 0, -- pixels of a picture; 0: no picture
	height      BIGINT NOT NULL DEFAULT 0,
	created_at  BIGINT NOT NULL,
	used        BIGINT NOT NULL DEFAULT 0, -- 1: a saved text named it
	name        TEXT NOT NULL
);
CREATE INDEX file_person ON file (person_id, created_at);

-- Which saved texts name a file, earlier wordings included. Who may see one of
-- them may see the file.
CREATE TABLE file_use (
	id         INTEGER PRIMARY KEY,
	file_id    BIGINT NOT NULL REFERENCES file (id),
	idea_id    BIGINT NOT NULL REFERENCES idea (id),
	comment_id BIGINT REFERENCES comment (id)  -- null: the idea's own text, or an answer
);
CREATE INDEX file_use_file ON file_use (file_id);
CREATE INDEX file_use_idea ON file_use (idea_id);
CREATE INDEX file_use_comment ON file_use (comment_id);
