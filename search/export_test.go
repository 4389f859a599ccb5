package search

import "time"

// LookAround makes a running index look for its files so often, until the function returned is called.
func LookAround(d time.Duration) (restore func()) {
	look, renew := lookAfter, renewAtMost
	lookAfter, renewAtMost = d, d
	return func() { lookAfter, renewAtMost = look, renew }
}
