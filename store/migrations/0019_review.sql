-- +goose Up
-- What waits for a moderator. Items are closed, never deleted; version grows with
-- every change, so that two who look at the same one do not collide.
CREATE TABLE review (
	id           INTEGER PRIMARY KEY,
	kind         TEXT NOT NULL,                    -- report, held, duplicate, late, appeal
	board_id     BIGINT NOT NULL REFERENCES board (id),
	idea_id      BIGINT REFERENCES idea (id),
	comment_id   BIGINT REFERENCES comment (id),
	subject_id   BIGINT NOT NULL DEFAULT 0,        -- the held post, the other idea, the appeal
	person_id    BIGINT REFERENCES person (id),    -- whose words they are
	officer      BIGINT NOT NULL DEFAULT 0,        -- 1: for the named officer and administrators alone
	ground       TEXT NOT NULL DEFAULT '',
	at           BIGINT NOT NULL,
	due_at       BIGINT NOT NULL,                  -- to be looked at by then: the order of the page
	claimed_by   BIGINT REFERENCES person (id),
	claimed_at   BIGINT,
	entrusted_to BIGINT REFERENCES person (id),    -- somebody it was handed over to
	entrusted_note TEXT NOT NULL DEFAULT '',
	version      BIGINT NOT NULL DEFAULT 1,
	closed_at    BIGINT,
	closed_by    BIGINT REFERENCES person (id),
	decision_id  BIGINT
);
CREATE INDEX review_open ON review (due_at, id) WHERE closed_at IS NULL;
CREATE INDEX review_open_kind ON review (kind, due_at, id) WHERE closed_at IS NULL;
CREATE INDEX review_open_board ON review (board_id, kind, officer) WHERE closed_at IS NULL;
CREATE INDEX review_open_idea ON review (idea_id) WHERE closed_at IS NULL;
CREATE INDEX review_subject ON review (kind, subject_id) WHERE closed_at IS NULL AND subject_id > 0;

-- One report for a person and a thing. Who reported is shown to nobody.
CREATE TABLE report (
	id         INTEGER PRIMARY KEY,
	review_id  BIGINT NOT NULL REFERENCES review (id),
	idea_id    BIGINT NOT NULL REFERENCES idea (id),
	comment_id BIGINT REFERENCES comment (id),
	person_id  BIGINT NOT NULL REFERENCES person (id),
	ground     TEXT NOT NULL,
	other_id   BIGINT REFERENCES idea (id),      -- the idea it is a duplicate of
	note       TEXT NOT NULL DEFAULT '',         -- erased with the outcome
	at         BIGINT NOT NULL,
	outcome    TEXT NOT NULL DEFAULT '',         -- right, wrong; empty: not yet
	closed_at  BIGINT,
	seq        BIGINT NOT NULL                   -- the event of the report as it stands
);
CREATE INDEX report_review ON report (review_id);
CREATE INDEX report_person ON report (person_id, at);
CREATE INDEX report_outcome ON report (person_id, outcome) WHERE outcome <> '';
CREATE UNIQUE INDEX report_idea_once ON report (person_id, idea_id) WHERE comment_id IS NULL;
CREATE UNIQUE INDEX report_comment_once ON report (person_id, comment_id) WHERE comment_id IS NOT NULL;

-- What moderators decided. Rows are added, never changed but for what came of them.
CREATE TABLE decision (
	id            INTEGER PRIMARY KEY,
	seq           BIGINT NOT NULL,
	review_id     BIGINT REFERENCES review (id),   -- the item it closed; null: decided on the page of what it is about
	kind          TEXT NOT NULL DEFAULT '',        -- of that item
	action        TEXT NOT NULL,
	ground        TEXT NOT NULL,
	note          TEXT NOT NULL DEFAULT '',        -- to the person concerned
	board_id      BIGINT NOT NULL REFERENCES board (id),
	idea_id       BIGINT REFERENCES idea (id),
	comment_id    BIGINT REFERENCES comment (id),
	subject_id    BIGINT NOT NULL DEFAULT 0,
	person_id     BIGINT REFERENCES person (id),   -- whom it concerns
	moderator_id  BIGINT REFERENCES person (id),   -- null: the operator
	at            BIGINT NOT NULL,
	until         BIGINT,
	removed_id    BIGINT,                          -- the words set aside
	sanction_id   BIGINT,
	rule_id       BIGINT,
	final_at      BIGINT,
	overturned_at BIGINT,                          -- by an appeal
	undone_at     BIGINT,
	undone_by     BIGINT REFERENCES person (id)
);
CREATE INDEX decision_person ON decision (person_id, id);
CREATE INDEX decision_idea ON decision (idea_id, id);
CREATE INDEX decision_comment ON decision (comment_id, id) WHERE comment_id IS NOT NULL;
CREATE INDEX decision_board ON decision (board_id, id);
CREATE INDEX decision_review ON decision (review_id);

-- Words that a decision took away stand aside until it is final; those that
-- somebody deleted themselves for seconds only, as before.
ALTER TABLE removed ADD COLUMN keep_until BIGINT;
ALTER TABLE removed ADD COLUMN decision_id BIGINT;
