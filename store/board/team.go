package board

// Team is a department, or a part of one.
type Team struct {
	ID     int64  `json:"id"`
	Name   string `json:"name"`
	Parent int64  `json:"parent,omitempty" doc:"the team it belongs to; 0: none"`
	Depth  int    `json:"depth" doc:"how many teams stand above it"`
	People int    `json:"-"` // who can sign in, in it alone; for administrators
	All    int    `json:"-"` // and in the teams below it
	Below  int    `json:"-"` // teams directly below it
	Owns   int    `json:"-"` // boards on which it owes answers
}
