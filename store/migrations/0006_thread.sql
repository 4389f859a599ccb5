-- +goose Up
-- The last event that changed what an idea's thread shows: pages of the thread are
-- kept until it moves, so a vote or a new stage costs none of them.
ALTER TABLE idea ADD COLUMN thread_seq BIGINT NOT NULL DEFAULT 0;
UPDATE idea SET thread_seq = last_seq;
