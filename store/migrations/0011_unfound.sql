-- +goose Up
-- What people look for and do not find. Nobody's name stands here: who says only
-- that two searches of the same words came from different people, under a key that
-- is thrown away each month.
CREATE TABLE search_key (
	id     BIGINT PRIMARY KEY,      -- random: never used again
	month  BIGINT NOT NULL UNIQUE,  -- year * 12 + month
	secret TEXT NOT NULL            -- hex
);
CREATE TABLE unfound (
	query  TEXT NOT NULL,    -- its words, folded and sorted
	key_id BIGINT NOT NULL,  -- of search_key, which may be gone
	who    TEXT NOT NULL,    -- HMAC-SHA256(key, person and query), hex
	day    BIGINT NOT NULL,  -- days since 1970
	PRIMARY KEY (query, key_id, who)
);
CREATE INDEX unfound_day ON unfound (day);
