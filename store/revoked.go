package store

import "sync"

// revocations tells those who keep connections open that somebody's sessions or
// tokens changed, right after the change is on disk.
type revocations struct {
	mu   sync.Mutex
	told []func(person int64)
}

func (r *revocations) tell(person int64) {
	r.mu.Lock()
	told := r.told
	r.mu.Unlock()
	for _, f := range told {
		f(person)
	}
}

// OnRevoke calls f whenever a person's sessions or tokens changed, or the person
// was disabled: ask Alive for each connection of theirs that is open. f must not block.
func (s *Store) OnRevoke(f func(person int64)) {
	s.revoked.mu.Lock()
	defer s.revoked.mu.Unlock()
	s.revoked.told = append(s.revoked.told, f)
}
