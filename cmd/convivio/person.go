package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"convivio/store"
	"convivio/store/board"
	"convivio/store/password"
)

// personCommand adds people and lets them in again.
type personCommand struct {
	Add   personAdd   `cmd:"" help:"Add a person, and print the link by which they choose a password."`
	Reset personReset `cmd:"" help:"Print a link by which a person chooses a new password."`
}

// linkBase is where printed links lead when no server is running.
type linkBase struct {
	BaseURL string `help:"Where people reach the server, for the link." placeholder:"URL" setting:""`
	Listen  string `hidden:"" setting:""`
}

// personAdd adds a person.
type personAdd struct {
	Email         string   `required:"" help:"E-mail address." placeholder:"E"`
	Name          string   `required:"" help:"Name and surname." placeholder:"N"`
	Role          []string `help:"What they may do beyond talking: moderator, hr, admin, auditor, council. May be repeated." enum:"moderator,hr,admin,auditor,council" placeholder:"ROLE"`
	Guest         bool     `help:"A customer or supplier: sees only the boards they are a member of."`
	Team          string   `help:"Team; made when it does not exist." placeholder:"T"`
	Site          string   `help:"Site." placeholder:"S"`
	PasswordStdin bool     `help:"Read the password, one line, from standard input instead of printing a link."`
	linkBase      `embed:""`
}

// newPerson is a person to be added. Hash is empty for one who gets a link.
type newPerson struct {
	Email string       `json:"email"`
	Name  string       `json:"name"`
	Kind  board.Kind   `json:"kind"`
	Roles []board.Role `json:"roles,omitempty"`
	Team  string       `json:"team,omitempty"`
	Site  string       `json:"site,omitempty"`
	Hash  string       `json:"hash,omitempty"`
}

// Run adds the person and prints what the person needs next.
func (c *personAdd) Run(ctx context.Context, p *program) error {
	in := newPerson{Email: c.Email, Name: c.Name, Kind: board.Employee, Team: c.Team, Site: c.Site}
	if c.Guest {
		in.Kind = board.Guest
	}
	for _, r := range c.Role {
		in.Roles = append(in.Roles, board.Role(r))
	}
	if c.PasswordStdin {
		chosen, err := readPassword(p.stdin)
		if err != nil {
			return err
		}
		if err := password.Check("password", chosen, c.Name, c.Email); err != nil {
			return err
		}
		if in.Hash, err = password.Hash(ctx, chosen); err != nil {
			return fmt.Errorf("hash the password: %w", err)
		}
	}
	out, err := askOrOpen(ctx, p, c.linkBase, order{AddPerson: &in})
	if err != nil {
		return err
	}
	p.printf("%s\n", printable(out.Text))
	return nil
}

// readPassword reads one line.
func readPassword(r io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(r, 4<<10)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", errors.New("standard input holds no password")
	}
	return line, nil
}

func (d *desk) addPerson(ctx context.Context, in newPerson) (outcome, error) {
	added, _, err := d.store.AddPerson(ctx, store.Operator(), board.NewPerson{
		Email: in.Email, Name: in.Name, Kind: in.Kind, Roles: in.Roles, Team: in.Team, Site: in.Site, Hash: in.Hash})
	if err != nil {
		return outcome{}, err
	}
	if in.Hash != "" {
		return outcome{Text: fmt.Sprintf("%s can sign in now.", added.Name)}, nil
	}
	link, err := d.linkFor(ctx, added.ID)
	return outcome{Text: fmt.Sprintf("Give %s this link to choose a password (it works once, for seven days):\n%s", added.Name, link)}, err
}

// linkFor makes a single-use link for a person.
func (d *desk) linkFor(ctx context.Context, person int64) (string, error) {
	purpose, secret, err := d.store.AddLink(ctx, store.Operator(), person)
	if err != nil {
		return "", err
	}
	return d.link(purpose, secret), nil
}

// personReset lets a person choose a new password.
type personReset struct {
	Email    string `required:"" help:"E-mail address." placeholder:"E"`
	linkBase `embed:""`
}

// Run prints the link, and nothing else.
func (c *personReset) Run(ctx context.Context, p *program) error {
	out, err := askOrOpen(ctx, p, c.linkBase, order{Reset: c.Email})
	if err != nil {
		return err
	}
	p.printf("%s\n", out.Text)
	return nil
}

func (d *desk) reset(ctx context.Context, email string) (outcome, error) {
	person, err := d.known(ctx, email)
	if err != nil {
		return outcome{}, err
	}
	link, err := d.linkFor(ctx, person.ID)
	return outcome{Text: link}, err
}

// known finds a person by e-mail address.
func (d *desk) known(ctx context.Context, email string) (store.Account, error) {
	account, err := d.store.Account(ctx, store.Operator(), email)
	var fault *board.Error
	if errors.As(err, &fault) && fault.Code == board.NotFound {
		return account, fmt.Errorf("there is no person with the e-mail address %q", email)
	}
	return account, err
}
