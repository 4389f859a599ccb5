-- +goose Up
-- How often what was done, by day and by one unit of one dimension: never by two,
-- and never of fewer than five people. No person stands here.
DROP TABLE tally;
CREATE TABLE tally (
	day       BIGINT NOT NULL,  -- of the company's clock, since 1970
	dimension TEXT NOT NULL,    -- company, team, site, board
	unit_id   BIGINT NOT NULL,  -- of a team or board; 0: none, or those that stand together
	unit      TEXT NOT NULL,    -- name of a site, else empty
	act       TEXT NOT NULL,    -- ideas, comments, votes
	n         BIGINT NOT NULL,
	PRIMARY KEY (day, dimension, unit_id, unit, act)
) WITHOUT ROWID;

-- What was done on a day is found by its time.
CREATE INDEX idea_created ON idea (created_at);
CREATE INDEX comment_created ON comment (created_at);
CREATE INDEX vote_at ON vote (at);

-- How many searches there were in a month that is not closed yet, and how many led
-- nowhere. crowd has a bit for each sixteenth of the people who searched, as a key
-- that is thrown away with the month deals them out: at least so many people did.
CREATE TABLE searched (
	month  BIGINT PRIMARY KEY,  -- year * 12 + month - 1
	n      BIGINT NOT NULL,
	missed BIGINT NOT NULL,
	key_id BIGINT NOT NULL,     -- of search_key
	crowd  BIGINT NOT NULL
);
