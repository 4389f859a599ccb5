package board

import "time"

// Unit is what response times are counted in.
type Unit string

// The units. A day is a usual working day of the calendar: its week's hours
// divided by its working days.
const (
	Hours Unit = "hours"
	Days  Unit = "days"
)

// Units lists the units as a form offers them.
var Units = []Unit{Days, Hours}

// AnswerTime is within what working time a board owes its ideas an answer.
type AnswerTime struct {
	Time int  `json:"time" minimum:"0" doc:"in working hours or days; 0: the board has no clock"`
	Unit Unit `json:"unit" enum:"hours,days"`
}

// Clock is how a board counts the time within which it owes an answer.
type Clock struct {
	AnswerTime
	Calendar Calendar `json:"calendar"`
}

// Longest response times.
const (
	MaxAnswerHours = 2000
	MaxAnswerDays  = 250
)

// Checked is the clock tidied. Errors: invalid, fields time, unit, and those of
// Calendar.Checked.
func (c Clock) Checked() (Clock, error) {
	most := map[Unit]int{Hours: MaxAnswerHours, Days: MaxAnswerDays}[c.Unit]
	if most == 0 {
		return c, FieldFault("unit", "A response time is in hours or in days.")
	}
	if c.Time < 0 || c.Time > most {
		return c, FieldFault("time", "A response time is between 0, which is none, and %d.", most)
	}
	var err error
	c.Calendar, err = c.Calendar.Checked()
	return c, err
}

// Due is by when an idea that has waited since start is owed an answer, in the
// calendar w. Not to be asked where Time is 0.
func (a AnswerTime) Due(w *Working, start time.Time) time.Time {
	one := time.Hour
	if a.Unit == Days {
		one = w.Day()
	}
	return w.Due(start, time.Duration(a.Time)*one)
}

// Until says how a time that something is due at stands to now: late or not, and
// by how many working days. 0 days: it is due today, or was since the last one.
func (w *Working) Until(due, now time.Time) (late bool, days int) {
	if late = now.After(due); late {
		return true, w.Days(due, now)
	}
	return false, w.Days(now, due)
}

// Owner is a person or a team that owes the ideas of a board an answer.
type Owner struct {
	ID     int64  `json:"id" doc:"of the ownership"`
	Person int64  `json:"person,omitempty"`
	Team   int64  `json:"team,omitempty"`
	Name   string `json:"name" doc:"of the person or the team"`
}

// NewOwner names a person or a team, one of them, by its id.
type NewOwner struct {
	Person int64 `json:"person,omitempty" required:"false"`
	Team   int64 `json:"team,omitempty" required:"false"`
}
