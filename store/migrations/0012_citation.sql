-- +goose Up
-- Which ideas a text leads to. Made from the texts by a follower, for them that
-- are there: read together with what it names, and never in the log.
CREATE TABLE citation (
	idea_id    BIGINT NOT NULL REFERENCES idea (id),  -- on which the text stands
	comment_id BIGINT NOT NULL,                       -- 0: no comment
	answer_id  BIGINT NOT NULL,                       -- 0: no official answer
	cited_id   BIGINT NOT NULL REFERENCES idea (id),
	PRIMARY KEY (idea_id, comment_id, answer_id, cited_id)
);
CREATE INDEX citation_cited ON citation (cited_id);
