package server

import (
	"context"

	"convivio/store/board"
	"convivio/templates"
)

func (s *Server) ledgerRoutes() {
	s.route("GET", "/ledger", signedIn, s.showLedger)

	api(s, "GET", "/ledger", signedIn, "What moderators did, month by month, without names", func(ctx context.Context, who board.Who, in *struct {
		Board string `query:"board"`
	}) (*board.Ledger, error) {
		return answer(s.store.Ledger(ctx, who, in.Board))
	})
}

func (s *Server) showLedger(r *request) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	l, err := s.store.Ledger(r.Context(), r.who, r.query("board"))
	if err != nil {
		return err
	}
	return r.page(templates.Ledger(templates.LedgerPage{Page: p, Ledger: l}))
}
