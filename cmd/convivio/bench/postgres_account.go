package bench

import (
	"os/user"
	"strconv"
)

// someoneElse is an account without privileges: PostgreSQL's own, or nobody.
func someoneElse() (uid, gid uint32) {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		a, errA := strconv.ParseUint(u.Uid, 10, 32)
		b, errB := strconv.ParseUint(u.Gid, 10, 32)
		if errA == nil && errB == nil {
			return uint32(a), uint32(b)
		}
	}
	return 65534, 65534
}
