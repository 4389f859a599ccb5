-- +goose Up
-- When it was said, at sign-in, that the device is shared: nothing is kept on it. Null: a device of one's own.
ALTER TABLE session ADD COLUMN shared_at BIGINT;
