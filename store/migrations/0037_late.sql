-- +goose Up
-- When those who owe an answer were told that it is late; told again only where it
-- was due later than that.
ALTER TABLE clock ADD COLUMN told_at BIGINT;
CREATE INDEX notice_late ON notice (idea_id) WHERE reason = 20 AND seen = 0;
