-- +goose Up
-- Searches that people keep, to be told when something new matches. Bookkeeping:
-- written by note, never in the log, shown to nobody else.
CREATE TABLE saved_search (
	id         INTEGER PRIMARY KEY,
	person_id  BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
	name       TEXT NOT NULL,
	query      TEXT NOT NULL,    -- as its address says it
	created_at BIGINT NOT NULL,
	seq        BIGINT NOT NULL,  -- the last event whose text was looked at for it
	UNIQUE (person_id, query)
);
CREATE INDEX saved_search_seq ON saved_search (seq);

-- The ideas found for one since its owner opened it.
CREATE TABLE saved_find (
	saved_id BIGINT NOT NULL REFERENCES saved_search (id) ON DELETE CASCADE,
	idea_id  BIGINT NOT NULL REFERENCES idea (id),
	seq      BIGINT NOT NULL,  -- of the text that was found
	PRIMARY KEY (saved_id, idea_id)
);
CREATE INDEX saved_find_idea ON saved_find (idea_id);

-- The saved search that a notice tells of; its idea is one of those found.
ALTER TABLE notice ADD COLUMN saved_id BIGINT REFERENCES saved_search (id) ON DELETE CASCADE;
CREATE INDEX notice_saved ON notice (saved_id) WHERE saved_id IS NOT NULL;
