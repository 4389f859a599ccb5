-- +goose Up
-- 1: it was said, at sign-in, that the device is shared: nothing is kept on it.
ALTER TABLE session ADD COLUMN shared BIGINT NOT NULL DEFAULT 0;
