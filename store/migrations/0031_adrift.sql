-- +goose Up
-- When those who answer for a board were told that a promise has nobody who sees to it.
ALTER TABLE promise ADD COLUMN adrift_at BIGINT;
