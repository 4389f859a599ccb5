package board

// Appointed is somebody who has a role on one board.
type Appointed struct {
	Author
	Role BoardRole
	Gone bool // cannot sign in
}

// AppointedRoles are the roles on one board that are given to people alone, in the
// order forms show them.
var AppointedRoles = []BoardRole{BoardModerator, BoardOfficer}
