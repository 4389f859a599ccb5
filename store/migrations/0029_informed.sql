-- +goose Up
-- Which version of the notice about personal data somebody said to have read last.
-- Bookkeeping: shown to them alone.
CREATE TABLE informed (
	person_id BIGINT PRIMARY KEY REFERENCES person (id),
	version   BIGINT NOT NULL,
	day       BIGINT NOT NULL  -- since 1970, UTC
);
