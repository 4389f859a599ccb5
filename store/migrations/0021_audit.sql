-- +goose Up
-- Acts of power, a chain: store/chain says how hash covers the rest. A value may
-- be erased together with its salt; its sum stays. Ids are 0 where an act is about
-- nothing of the kind.
CREATE TABLE audit (
	seq         INTEGER PRIMARY KEY,
	at          BIGINT NOT NULL,
	act         TEXT NOT NULL,
	outcome     TEXT NOT NULL,
	actor_id    BIGINT NOT NULL,
	roles       TEXT NOT NULL,
	means       TEXT NOT NULL,
	request     TEXT NOT NULL,
	board_id    BIGINT NOT NULL,
	idea_id     BIGINT NOT NULL,
	comment_id  BIGINT NOT NULL,
	person_id   BIGINT NOT NULL,
	name_sum    TEXT NOT NULL,
	address_sum TEXT NOT NULL,
	target_sum  TEXT NOT NULL,
	before_sum  TEXT NOT NULL,
	after_sum   TEXT NOT NULL,
	note_sum    TEXT NOT NULL,
	hash        TEXT NOT NULL,
	name        TEXT, name_salt    TEXT,
	address     TEXT, address_salt TEXT,
	target      TEXT, target_salt  TEXT,
	before      TEXT, before_salt  TEXT,
	after       TEXT, after_salt   TEXT,
	note        TEXT, note_salt    TEXT
);
CREATE INDEX audit_actor ON audit (actor_id, seq);
CREATE INDEX audit_person ON audit (person_id, seq) WHERE person_id <> 0;
CREATE INDEX audit_idea ON audit (idea_id, seq) WHERE idea_id <> 0;
CREATE INDEX audit_act ON audit (act, seq);
CREATE INDEX audit_address ON audit (at) WHERE address IS NOT NULL;

-- +goose StatementBegin
CREATE TRIGGER audit_next BEFORE INSERT ON audit
WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM audit)
BEGIN
	SELECT RAISE(ABORT, 'the audit log only grows at its end');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER audit_kept BEFORE DELETE ON audit
BEGIN
	SELECT RAISE(ABORT, 'nothing is taken out of the audit log');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER audit_fixed BEFORE UPDATE ON audit
WHEN (NEW.seq, NEW.at, NEW.act, NEW.outcome, NEW.actor_id, NEW.roles, NEW.means, NEW.request, NEW.board_id, NEW.idea_id, NEW.comment_id, NEW.person_id,
		NEW.name_sum, NEW.address_sum, NEW.target_sum, NEW.before_sum, NEW.after_sum, NEW.note_sum, NEW.hash)
	IS NOT (OLD.seq, OLD.at, OLD.act, OLD.outcome, OLD.actor_id, OLD.roles, OLD.means, OLD.request, OLD.board_id, OLD.idea_id, OLD.comment_id, OLD.person_id,
		OLD.name_sum, OLD.address_sum, OLD.target_sum, OLD.before_sum, OLD.after_sum, OLD.note_sum, OLD.hash)
	OR NOT ((NEW.name IS OLD.name AND NEW.name_salt IS OLD.name_salt) OR (NEW.name IS NULL AND NEW.name_salt IS NULL))
	OR NOT ((NEW.address IS OLD.address AND NEW.address_salt IS OLD.address_salt) OR (NEW.address IS NULL AND NEW.address_salt IS NULL))
	OR NOT ((NEW.target IS OLD.target AND NEW.target_salt IS OLD.target_salt) OR (NEW.target IS NULL AND NEW.target_salt IS NULL))
	OR NOT ((NEW.before IS OLD.before AND NEW.before_salt IS OLD.before_salt) OR (NEW.before IS NULL AND NEW.before_salt IS NULL))
	OR NOT ((NEW.after IS OLD.after AND NEW.after_salt IS OLD.after_salt) OR (NEW.after IS NULL AND NEW.after_salt IS NULL))
	OR NOT ((NEW.note IS OLD.note AND NEW.note_salt IS OLD.note_salt) OR (NEW.note IS NULL AND NEW.note_salt IS NULL))
BEGIN
	SELECT RAISE(ABORT, 'the audit log is not changed: a value can only be erased, with its salt');
END;
-- +goose StatementEnd
