-- +goose Up
-- What people follow and what they were told. Bookkeeping: written by note or
-- inside a verb, never in the log, shown to nobody else.

CREATE TABLE idea_follow (
	idea_id   BIGINT NOT NULL REFERENCES idea (id),
	person_id BIGINT NOT NULL REFERENCES person (id),
	follows   BIGINT NOT NULL,  -- 1; 0: stopped, whatever they go on to write there
	seq       BIGINT NOT NULL,  -- the idea's last event then: what came after it is news
	PRIMARY KEY (idea_id, person_id)
);
-- Who wrote on ideas before there were notices hears of them as who writes there now.
INSERT INTO idea_follow (idea_id, person_id, follows, seq)
	SELECT w.idea_id, w.person_id, 1, i.last_seq FROM (
		SELECT id AS idea_id, author_id AS person_id FROM idea
		UNION SELECT idea_id, author_id FROM comment WHERE deleted_at IS NULL) w
	JOIN idea i ON i.id = w.idea_id AND i.deleted_at IS NULL
	JOIN person p ON p.id = w.person_id AND p.email IS NOT NULL;

CREATE TABLE board_follow (
	board_id  BIGINT NOT NULL REFERENCES board (id),
	person_id BIGINT NOT NULL REFERENCES person (id),
	newest    BIGINT NOT NULL,  -- id of the newest idea there then: those after it are news
	PRIMARY KEY (board_id, person_id)
);
CREATE INDEX board_follow_person ON board_follow (person_id);

-- One row for a person and an event, without a word of what was said.
CREATE TABLE notice (
	person_id  BIGINT NOT NULL REFERENCES person (id),
	seq        BIGINT NOT NULL,
	reason     BIGINT NOT NULL,  -- see store/notice.go; the lower, the stronger
	idea_id    BIGINT NOT NULL REFERENCES idea (id),
	comment_id BIGINT REFERENCES comment (id),
	at         BIGINT NOT NULL,
	seen       BIGINT NOT NULL DEFAULT 0,  -- 1: not when, which is nobody's business
	PRIMARY KEY (person_id, seq)
);
CREATE INDEX notice_unseen ON notice (person_id, idea_id, reason) WHERE seen = 0;
CREATE INDEX notice_idea ON notice (idea_id, person_id) WHERE seen = 0;
CREATE INDEX notice_at ON notice (at);

-- How far the followers came that keep what they make in this database.
CREATE TABLE follower (
	name TEXT PRIMARY KEY,
	seq  BIGINT NOT NULL
);
