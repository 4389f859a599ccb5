package board

// Helper is somebody who has a role on one board.
type Helper struct {
	Author
	Role BoardRole
	Gone bool // cannot sign in
}

// HelperRoles are the roles on one board that are given to people alone, in the
// order forms show them.
var HelperRoles = []BoardRole{BoardModerator, BoardOfficer}
