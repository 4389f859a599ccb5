-- +goose Up
-- What somebody follows, for searches among it.
CREATE INDEX idea_follow_person ON idea_follow (person_id, idea_id) WHERE follows = 1;
