-- +goose Up
-- 1: may be named to others as somebody who knows about what they wrote well on.
ALTER TABLE person ADD COLUMN expert BIGINT NOT NULL DEFAULT 0;
CREATE INDEX person_expert ON person (id) WHERE expert = 1;
