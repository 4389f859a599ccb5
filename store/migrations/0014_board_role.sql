-- +goose Up
-- Who answers for a board and who moderates it: people, or for answers a whole team.
CREATE TABLE board_role (
	id        INTEGER PRIMARY KEY,
	board_id  BIGINT NOT NULL REFERENCES board (id),
	role      TEXT NOT NULL,  -- owner, moderator
	person_id BIGINT REFERENCES person (id),
	team_id   BIGINT REFERENCES team (id),
	CHECK ((person_id IS NULL) <> (team_id IS NULL))
);
CREATE UNIQUE INDEX board_role_person ON board_role (person_id, board_id, role) WHERE person_id IS NOT NULL;
CREATE UNIQUE INDEX board_role_team ON board_role (team_id, board_id, role) WHERE team_id IS NOT NULL;
CREATE INDEX board_role_board ON board_role (board_id, role);
