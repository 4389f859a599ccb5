-- +goose Up
-- One person's reaction to a comment or to an official answer. Who reacted is
-- told to nobody: pages show numbers. When is not kept.

CREATE TABLE reaction (
	idea_id    BIGINT NOT NULL REFERENCES idea (id),
	comment_id BIGINT REFERENCES comment (id),
	answer_id  BIGINT REFERENCES answer (id),
	kind       TEXT NOT NULL,
	person_id  BIGINT NOT NULL REFERENCES person (id),
	CHECK ((comment_id IS NULL) <> (answer_id IS NULL))
);
CREATE UNIQUE INDEX reaction_comment ON reaction (comment_id, kind, person_id) WHERE comment_id IS NOT NULL;
CREATE UNIQUE INDEX reaction_answer ON reaction (answer_id, kind, person_id) WHERE answer_id IS NOT NULL;
CREATE INDEX reaction_mine ON reaction (person_id, idea_id);
