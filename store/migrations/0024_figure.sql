-- +goose Up
-- Where each person stood, from when on: figures count people as they stood in
-- the period. Rows are only added. counted 0: they left the figures (GDPR, article
-- 21), or cannot sign in any more.
CREATE TABLE place (
	person_id BIGINT NOT NULL REFERENCES person (id),
	since     BIGINT NOT NULL,
	kind      TEXT NOT NULL,
	team_id   BIGINT,
	site      TEXT NOT NULL,
	counted   BIGINT NOT NULL,
	PRIMARY KEY (person_id, since)
);
INSERT INTO place (person_id, since, kind, team_id, site, counted)
	SELECT id, created_at, kind, team_id, site, 1 FROM person;
INSERT INTO place (person_id, since, kind, team_id, site, counted)
	SELECT id, disabled_at, kind, team_id, site, 0 FROM person WHERE disabled_at > created_at;

-- 1: they asked to be left out of figures.
ALTER TABLE person ADD COLUMN uncounted BIGINT NOT NULL DEFAULT 0;

-- How often what was done, by day, board, team and site: no person stands here.
CREATE TABLE tally (
	day      BIGINT NOT NULL,  -- since 1970, UTC
	board_id BIGINT NOT NULL,
	team_id  BIGINT NOT NULL,  -- 0: none
	site     TEXT NOT NULL,
	act      TEXT NOT NULL,
	n        BIGINT NOT NULL,
	PRIMARY KEY (day, board_id, team_id, site, act)
);

-- Months whose figures were worked out, and the figures, as they came through the
-- gate: nothing else of a month is kept.
CREATE TABLE month (
	month     BIGINT PRIMARY KEY,  -- year * 12 + month - 1
	closed_at BIGINT NOT NULL
);
CREATE TABLE figure (
	month     BIGINT NOT NULL REFERENCES month (month),
	measure   TEXT NOT NULL,
	dimension TEXT NOT NULL,           -- company, team, site, board
	unit      TEXT NOT NULL,           -- its name then; empty: the company, or the other units
	unit_id   BIGINT NOT NULL,         -- of a team or board, else 0
	others    BIGINT NOT NULL DEFAULT 0,
	state     TEXT NOT NULL,
	value     DOUBLE PRECISION NOT NULL DEFAULT 0,
	steady    BIGINT NOT NULL DEFAULT 1,  -- 0: not to be compared with the month before
	PRIMARY KEY (month, measure, dimension, unit, unit_id, others)
);

-- What decides how values are rounded; it never leaves the server.
INSERT INTO meta (name, value) VALUES ('figure_secret', lower(hex(randomblob(32))));
