-- +goose Up
-- What a decision put something in the place of: minutes of slow mode before it.
ALTER TABLE decision ADD COLUMN was BIGINT;
