-- +goose Up
-- Answers that owners and moderators of a board write together, one an idea, until
-- they are published: nothing else reads these tables.
CREATE TABLE answer_draft (
	idea_id    BIGINT PRIMARY KEY REFERENCES idea (id),
	person_id  BIGINT NOT NULL REFERENCES person (id), -- who saved it last
	at         BIGINT NOT NULL,
	publish_at BIGINT,                   -- when it publishes itself; null: when somebody does
	body       TEXT NOT NULL,
	move       TEXT NOT NULL DEFAULT '', -- JSON of the move made with its publication; empty: none
	refused    TEXT NOT NULL DEFAULT ''  -- JSON of why it was not published at its time
);
CREATE INDEX answer_draft_due ON answer_draft (publish_at) WHERE publish_at IS NOT NULL;

CREATE TABLE answer_draft_cite (
	idea_id    BIGINT NOT NULL REFERENCES answer_draft (idea_id),
	comment_id BIGINT NOT NULL REFERENCES comment (id),
	PRIMARY KEY (idea_id, comment_id)
);
