-- +goose Up
-- Teams stand in a tree. team_above holds for each team those it belongs to,
-- directly or through others; it is made anew when the tree changes.
ALTER TABLE team ADD COLUMN parent_id BIGINT REFERENCES team (id);
CREATE INDEX team_parent ON team (parent_id);
CREATE TABLE team_above (
	team_id  BIGINT NOT NULL REFERENCES team (id),
	above_id BIGINT NOT NULL REFERENCES team (id),
	PRIMARY KEY (team_id, above_id)
);
CREATE INDEX team_above_above ON team_above (above_id);

-- Who changed since is found by the event that changed them; who is in a team.
CREATE INDEX person_last_seq ON person (last_seq);
CREATE INDEX person_of_team ON person (team_id);

-- What administrators chose; what is not here is as store/board/feature.go has it.
CREATE TABLE setting (
	name  TEXT PRIMARY KEY,
	value TEXT NOT NULL
);

-- Short texts at the top of pages, for a time.
CREATE TABLE announcement (
	id         INTEGER PRIMARY KEY,
	board_id   BIGINT REFERENCES board (id),  -- null: for everyone
	author_id  BIGINT NOT NULL REFERENCES person (id),
	created_at BIGINT NOT NULL,
	from_at    BIGINT NOT NULL,
	until_at   BIGINT NOT NULL
);
CREATE INDEX announcement_until ON announcement (until_at);
CREATE TABLE announcement_text (
	announcement_id BIGINT NOT NULL REFERENCES announcement (id),
	lang            TEXT NOT NULL,
	body            TEXT NOT NULL,
	html            TEXT NOT NULL,
	PRIMARY KEY (announcement_id, lang)
);
-- Bookkeeping: who put one away. Shown to nobody.
CREATE TABLE announcement_away (
	person_id       BIGINT NOT NULL REFERENCES person (id),
	announcement_id BIGINT NOT NULL REFERENCES announcement (id),
	PRIMARY KEY (person_id, announcement_id)
);

-- Ideas that stand first on their boards.
CREATE TABLE pin (
	idea_id INTEGER PRIMARY KEY REFERENCES idea (id),
	at      BIGINT NOT NULL
);

-- How large the data folder was, a row for each day. Bookkeeping.
CREATE TABLE growth (
	day   INTEGER PRIMARY KEY,  -- days since 1970
	bytes BIGINT NOT NULL
);
