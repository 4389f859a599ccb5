package board

import (
	"sync"
	"time"
	_ "time/tzdata" // also where the machine knows no zones
)

// ZoneName is the time zone of the company: its days and months begin there, and
// pages show times as clocks there do. Boards may count working hours in another.
const ZoneName = "Europe/Rome"

// Zone is the company's time zone.
var Zone = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation(ZoneName)
	if err != nil {
		panic(err) // the zones are part of the program
	}
	return zone
})
