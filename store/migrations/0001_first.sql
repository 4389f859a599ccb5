-- +goose Up
-- Times are microseconds since 1970 (UTC). Booleans are times that something
-- happened, or null. last_seq is the event that last touched the row. Texts stand
-- last in their tables: SQLite walks a row from the left, and long texts overflow
-- its page.

CREATE TABLE meta (
	name  TEXT PRIMARY KEY,
	value TEXT NOT NULL
);

-- The log: what happened, in commit order. Ids only, never words.
CREATE TABLE log (
	seq        INTEGER PRIMARY KEY,
	at         BIGINT NOT NULL,
	actor_id   BIGINT,
	kind       TEXT NOT NULL,
	board_id   BIGINT,
	idea_id    BIGINT,
	comment_id BIGINT,
	subject_id BIGINT            -- the answer, the person… the event is about
);

CREATE TABLE team (
	id   INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE
);

CREATE TABLE person (
	id          INTEGER PRIMARY KEY,
	email       TEXT UNIQUE,      -- lower case; null for imported authors, who cannot sign in
	name        TEXT NOT NULL,
	handle      TEXT NOT NULL UNIQUE,  -- what stands behind @ in a text
	kind        TEXT NOT NULL,
	team_id     BIGINT REFERENCES team (id),
	site        TEXT NOT NULL DEFAULT '',
	lang        TEXT NOT NULL DEFAULT '',
	password    TEXT NOT NULL DEFAULT '',  -- encoded argon2id hash, or empty
	created_at  BIGINT NOT NULL,
	disabled_at BIGINT,
	last_seq    BIGINT NOT NULL
);

CREATE TABLE person_role (
	person_id BIGINT NOT NULL REFERENCES person (id),
	role      TEXT NOT NULL,
	PRIMARY KEY (person_id, role)
);

CREATE TABLE board (
	id          INTEGER PRIMARY KEY,
	slug        TEXT NOT NULL UNIQUE,
	name        TEXT NOT NULL,
	description TEXT NOT NULL,
	visibility  TEXT NOT NULL,
	lang        TEXT NOT NULL DEFAULT '',
	ideas       BIGINT NOT NULL DEFAULT 0,  -- counters, recounted by check
	waiting     BIGINT NOT NULL DEFAULT 0,  -- ideas that wait for an answer
	created_at  BIGINT NOT NULL,
	last_seq    BIGINT NOT NULL
);

CREATE TABLE member (
	board_id  BIGINT NOT NULL REFERENCES board (id),
	person_id BIGINT NOT NULL REFERENCES person (id),
	since     BIGINT NOT NULL,
	PRIMARY KEY (board_id, person_id)
);
CREATE INDEX member_person ON member (person_id);

CREATE TABLE idea (
	id             INTEGER PRIMARY KEY,
	board_id       BIGINT NOT NULL REFERENCES board (id),
	author_id      BIGINT NOT NULL REFERENCES person (id),
	renderer       BIGINT NOT NULL,  -- version that made html
	lang           TEXT NOT NULL DEFAULT '',
	stage          TEXT NOT NULL,
	votes          BIGINT NOT NULL DEFAULT 0,  -- rows of vote plus imported_votes
	imported_votes BIGINT NOT NULL DEFAULT 0,  -- counted elsewhere, without voters
	comments       BIGINT NOT NULL DEFAULT 0,  -- not deleted
	answers        BIGINT NOT NULL DEFAULT 0,
	heat           DOUBLE PRECISION NOT NULL,  -- see store/heat.go
	created_at     BIGINT NOT NULL,
	edited_at      BIGINT,
	answered_at    BIGINT,
	locked_at      BIGINT,
	deleted_at     BIGINT,
	moved_seq      BIGINT NOT NULL,  -- last event people come back for: comment, answer, stage
	last_seq       BIGINT NOT NULL,
	title          TEXT NOT NULL,
	body           TEXT NOT NULL,
	html           TEXT NOT NULL,
	excerpt        TEXT NOT NULL,  -- the first words, plain
	tags           TEXT NOT NULL  -- space-separated
);
CREATE INDEX idea_board_heat ON idea (board_id, heat, id) WHERE deleted_at IS NULL;
CREATE INDEX idea_board_new ON idea (board_id, id) WHERE deleted_at IS NULL;
CREATE INDEX idea_board_votes ON idea (board_id, votes, id) WHERE deleted_at IS NULL;
CREATE INDEX idea_board_open ON idea (board_id, id) WHERE deleted_at IS NULL AND answered_at IS NULL;
CREATE INDEX idea_open ON idea (id) WHERE deleted_at IS NULL AND answered_at IS NULL;
CREATE INDEX idea_heat ON idea (heat, id) WHERE deleted_at IS NULL;
CREATE INDEX idea_author ON idea (author_id, id);

CREATE TABLE idea_version (
	id      INTEGER PRIMARY KEY,
	idea_id BIGINT NOT NULL REFERENCES idea (id),
	title   TEXT NOT NULL,
	body    TEXT NOT NULL,
	at      BIGINT NOT NULL          -- when an edit replaced it
);
CREATE INDEX idea_version_idea ON idea_version (idea_id, id);

CREATE TABLE comment (
	id         INTEGER PRIMARY KEY,
	idea_id    BIGINT NOT NULL REFERENCES idea (id),
	parent_id  BIGINT REFERENCES comment (id),
	author_id  BIGINT NOT NULL REFERENCES person (id),
	renderer   BIGINT NOT NULL,
	lang       TEXT NOT NULL DEFAULT '',
	depth      BIGINT NOT NULL,
	replies    BIGINT NOT NULL DEFAULT 0,  -- direct replies, tombstones included
	repliers   BIGINT NOT NULL DEFAULT 0,  -- different people among them, the author left out
	cited      BIGINT NOT NULL DEFAULT 0,  -- answers that cite it
	created_at BIGINT NOT NULL,
	edited_at  BIGINT,
	deleted_at BIGINT,
	added_seq  BIGINT NOT NULL,
	last_seq   BIGINT NOT NULL,
	body       TEXT NOT NULL,
	html       TEXT NOT NULL
);
CREATE INDEX comment_idea ON comment (idea_id, added_seq);
CREATE INDEX comment_parent ON comment (parent_id, author_id);
CREATE INDEX comment_author ON comment (author_id, id);

CREATE TABLE comment_version (
	id         INTEGER PRIMARY KEY,
	comment_id BIGINT NOT NULL REFERENCES comment (id),
	body       TEXT NOT NULL,
	at         BIGINT NOT NULL
);
CREATE INDEX comment_version_comment ON comment_version (comment_id, id);

CREATE TABLE vote (
	idea_id   BIGINT NOT NULL REFERENCES idea (id),
	person_id BIGINT NOT NULL REFERENCES person (id),
	at        BIGINT NOT NULL,
	PRIMARY KEY (idea_id, person_id)
);
CREATE INDEX vote_person ON vote (person_id, idea_id);

CREATE TABLE answer (
	id         INTEGER PRIMARY KEY,
	idea_id    BIGINT NOT NULL REFERENCES idea (id),
	author_id  BIGINT NOT NULL REFERENCES person (id),
	body       TEXT NOT NULL,
	html       TEXT NOT NULL,
	renderer   BIGINT NOT NULL,
	lang       TEXT NOT NULL DEFAULT '',
	created_at BIGINT NOT NULL,
	seq        BIGINT NOT NULL
);
CREATE INDEX answer_idea ON answer (idea_id, id);

CREATE TABLE answer_cite (
	answer_id  BIGINT NOT NULL REFERENCES answer (id),
	comment_id BIGINT NOT NULL REFERENCES comment (id),
	PRIMARY KEY (answer_id, comment_id)
);
CREATE INDEX answer_cite_comment ON answer_cite (comment_id);

CREATE TABLE stage_change (
	id         INTEGER PRIMARY KEY,
	idea_id    BIGINT NOT NULL REFERENCES idea (id),
	from_stage TEXT NOT NULL,
	to_stage   TEXT NOT NULL,
	author_id  BIGINT NOT NULL REFERENCES person (id),
	reason     TEXT NOT NULL,
	at         BIGINT NOT NULL
);
CREATE INDEX stage_change_idea ON stage_change (idea_id, id);

-- Written with the verb it protects: asking twice does it once.
CREATE TABLE idempotency (
	person_id BIGINT NOT NULL REFERENCES person (id),
	idem_key  TEXT NOT NULL,
	verb      TEXT NOT NULL,
	digest    TEXT NOT NULL,         -- of what was asked
	result_id BIGINT NOT NULL,
	seq       BIGINT NOT NULL,
	at        BIGINT NOT NULL,
	PRIMARY KEY (person_id, idem_key)
);
CREATE INDEX idempotency_at ON idempotency (at);

-- Where an imported row went, so that an interrupted import goes on without doubling anything.
CREATE TABLE import_ref (
	source TEXT NOT NULL,
	kind   TEXT NOT NULL,            -- board, person, idea, comment
	ref    TEXT NOT NULL,            -- the id in the source
	id     BIGINT NOT NULL,
	PRIMARY KEY (source, kind, ref)
);

-- Bookkeeping, written by note, never in the log.

CREATE TABLE session (
	id         INTEGER PRIMARY KEY,
	hash       TEXT NOT NULL UNIQUE, -- SHA-256 of the cookie, hex
	person_id  BIGINT NOT NULL REFERENCES person (id),
	device     TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	seen_at    BIGINT NOT NULL,
	ends_at    BIGINT NOT NULL
);
CREATE INDEX session_person ON session (person_id);

CREATE TABLE token (
	id         INTEGER PRIMARY KEY,
	hash       TEXT NOT NULL UNIQUE,
	person_id  BIGINT NOT NULL REFERENCES person (id),
	name       TEXT NOT NULL,
	created_at BIGINT NOT NULL
);
CREATE INDEX token_person ON token (person_id);

-- Single-use links: invitation, password reset, first administrator.
CREATE TABLE link (
	hash       TEXT PRIMARY KEY,
	purpose    TEXT NOT NULL,
	person_id  BIGINT REFERENCES person (id),
	created_at BIGINT NOT NULL,
	ends_at    BIGINT NOT NULL,
	used_at    BIGINT
);
CREATE INDEX link_person ON link (person_id);

CREATE TABLE attempt (
	name     TEXT PRIMARY KEY,       -- account or address, hashed
	failures BIGINT NOT NULL,
	last_at  BIGINT NOT NULL
);

CREATE TABLE read_mark (
	person_id BIGINT NOT NULL REFERENCES person (id),
	idea_id   BIGINT NOT NULL REFERENCES idea (id),
	seq       BIGINT NOT NULL,
	PRIMARY KEY (person_id, idea_id)
);
