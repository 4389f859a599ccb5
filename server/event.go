package server

import (
	"context"

	"convivio/store/board"
)

func (s *Server) eventRoutes() {
	api(s, "GET", "/events", signedIn, "What happened after an event, oldest first", func(ctx context.Context, who board.Who, in *struct {
		After int64 `query:"after" minimum:"0"`
		Limit int   `query:"limit" minimum:"0" doc:"events of the log looked at, at most 100; not all are for everybody"`
	}) (*board.Events, error) {
		list, err := s.store.Events(ctx, who, in.After, in.Limit)
		for i := range list.Items { // who wrote is said where it stands: a list of it would be everybody's timeline
			if a := list.Items[i].Actor; a != nil && a.ID != who.ID {
				list.Items[i].Actor = nil
			}
		}
		return &list, err
	})
}
