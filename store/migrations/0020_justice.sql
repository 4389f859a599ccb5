-- +goose Up
-- What a post waits for before it is there, and who may write.

-- Words and links for which a post waits. Decisions go on naming one that ended.
CREATE TABLE rule (
	id       INTEGER PRIMARY KEY,
	kind     TEXT NOT NULL,          -- word, link
	words    TEXT NOT NULL,          -- of a word rule what to find; of a link rule the hosts that are no outside
	board_id BIGINT REFERENCES board (id),  -- null: every board
	added_at BIGINT NOT NULL,
	ended_at BIGINT
);

-- The first posts of which kind of person wait, how many of each.
CREATE TABLE hold_first (
	kind  TEXT PRIMARY KEY,
	posts BIGINT NOT NULL
);

-- People whose first posts wait no more, whoever they are.
CREATE TABLE trusted (
	person_id BIGINT PRIMARY KEY REFERENCES person (id),
	at        BIGINT NOT NULL
);

-- A post that waits for a moderator. It stands here and nowhere else: nobody is
-- told of it, nothing counts or finds it. Its words go when nothing can become of it.
CREATE TABLE held (
	id         INTEGER PRIMARY KEY,
	board_id   BIGINT NOT NULL REFERENCES board (id),
	idea_id    BIGINT REFERENCES idea (id),     -- null: the post is an idea
	parent_id  BIGINT REFERENCES comment (id),
	author_id  BIGINT NOT NULL REFERENCES person (id),
	rule_id    BIGINT REFERENCES rule (id),     -- null: one of the first posts
	state      TEXT NOT NULL DEFAULT 'waiting', -- approved, refused, withdrawn
	renderer   BIGINT NOT NULL,
	lang       TEXT NOT NULL DEFAULT '',
	at         BIGINT NOT NULL,
	edited_at  BIGINT,
	posted_id  BIGINT,                          -- the idea or comment it became
	title      TEXT NOT NULL DEFAULT '',
	tags       TEXT NOT NULL DEFAULT '',
	body       TEXT NOT NULL,
	html       TEXT NOT NULL
);
CREATE INDEX held_author ON held (author_id, id);
CREATE INDEX held_waiting ON held (board_id, id) WHERE state = 'waiting';

-- What somebody may not do for a while. Ends by itself.
CREATE TABLE sanction (
	id        INTEGER PRIMARY KEY,
	person_id BIGINT NOT NULL REFERENCES person (id),
	kind      TEXT NOT NULL,                   -- warn, silence, suspend
	board_id  BIGINT REFERENCES board (id),    -- null: everywhere
	at        BIGINT NOT NULL,
	ends_at   BIGINT NOT NULL,                 -- of a warning when it was given
	lifted_at BIGINT                           -- before its end
);
CREATE INDEX sanction_person ON sanction (person_id, ends_at);

-- Who is suspended cannot sign in before this; 0: they can.
ALTER TABLE person ADD COLUMN suspended_until BIGINT NOT NULL DEFAULT 0;

-- Minutes between two comments of one person on an idea; 0: as many as they like.
ALTER TABLE idea ADD COLUMN slow BIGINT NOT NULL DEFAULT 0;

-- What the person concerned says against a decision, once.
CREATE TABLE appeal (
	id          INTEGER PRIMARY KEY,
	decision_id BIGINT NOT NULL UNIQUE,
	person_id   BIGINT NOT NULL REFERENCES person (id),
	at          BIGINT NOT NULL,
	decided_at  BIGINT,
	outcome_id  BIGINT,                        -- the decision about the appeal
	overturned  BIGINT NOT NULL DEFAULT 0,
	alone       BIGINT NOT NULL DEFAULT 0,     -- 1: there was nobody but who had decided
	body        TEXT NOT NULL                  -- emptied with the words it is about
);
CREATE INDEX appeal_person ON appeal (person_id, id);

-- The house rules as this company wrote them; without a row those that come with Convivio.
CREATE TABLE house_rules (
	lang     TEXT PRIMARY KEY,
	at       BIGINT NOT NULL,
	renderer BIGINT NOT NULL,
	body     TEXT NOT NULL,
	html     TEXT NOT NULL
);

-- A notice may be about a decision, with or without an idea.
CREATE TABLE notice_new (
	person_id   BIGINT NOT NULL REFERENCES person (id),
	seq         BIGINT NOT NULL,
	reason      BIGINT NOT NULL,  -- see store/notice.go; the lower, the stronger
	idea_id     BIGINT REFERENCES idea (id),
	comment_id  BIGINT REFERENCES comment (id),
	at          BIGINT NOT NULL,
	seen        BIGINT NOT NULL DEFAULT 0,  -- 1: not when, which is nobody's business
	saved_id    BIGINT REFERENCES saved_search (id) ON DELETE CASCADE,
	decision_id BIGINT,
	PRIMARY KEY (person_id, seq)
);
INSERT INTO notice_new (person_id, seq, reason, idea_id, comment_id, at, seen, saved_id)
	SELECT person_id, seq, reason, idea_id, comment_id, at, seen, saved_id FROM notice;
DROP TABLE notice;
ALTER TABLE notice_new RENAME TO notice;
CREATE INDEX notice_unseen ON notice (person_id, idea_id, reason) WHERE seen = 0;
CREATE INDEX notice_idea ON notice (idea_id, person_id) WHERE seen = 0;
CREATE INDEX notice_at ON notice (at);
CREATE INDEX notice_saved ON notice (saved_id) WHERE saved_id IS NOT NULL;
