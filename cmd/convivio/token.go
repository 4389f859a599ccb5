package main

import (
	"context"
	"fmt"

	"convivio/store/board"
)

// tokenCommand makes keys for programs.
type tokenCommand struct {
	Create tokenCreate `cmd:"" help:"Make a token that acts as a person, and print it alone: it cannot be read again."`
}

// tokenCreate makes one token.
type tokenCreate struct {
	Person string `required:"" help:"E-mail address of the person the token acts as." placeholder:"E"`
	Name   string `help:"What the token is for." default:"command line" placeholder:"T"`
}

// newToken is a token to be made.
type newToken struct {
	Email string `json:"email"`
	Name  string `json:"name"`
}

// Run prints the token alone.
func (c *tokenCreate) Run(ctx context.Context, p *program) error {
	out, err := askOrOpen(ctx, p, linkBase{}, order{Token: &newToken{Email: c.Person, Name: c.Name}})
	if err != nil {
		return err
	}
	p.printf("%s\n", out.Text)
	return nil
}

func (d *desk) token(ctx context.Context, in newToken) (outcome, error) {
	account, err := d.known(ctx, in.Email)
	if err != nil {
		return outcome{}, err
	}
	if account.Disabled {
		return outcome{}, fmt.Errorf("%s is disabled and can have no token", account.Name)
	}
	secret, err := d.store.AddToken(ctx, board.Who{ID: account.ID, Kind: account.Kind}, in.Name)
	return outcome{Text: secret}, err
}
