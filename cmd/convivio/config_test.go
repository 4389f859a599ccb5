package main

import (
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// parse reads flags the way run does, for a serve command.
func parse(t *testing.T, environ []string, args ...string) (*cli, error) {
	t.Helper()
	var grammar cli
	s := newSettings(environ)
	parser, err := kong.New(&grammar, kong.Writers(io.Discard, io.Discard), kong.Resolvers(s), kong.Bind(s, &program{}),
		kong.BindTo(context.Background(), (*context.Context)(nil)), kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	_, err = parser.Parse(args)
	return &grammar, err
}

func TestFlagsWinThenTheEnvironmentThenTheFile(t *testing.T) {
	dir := t.TempDir()
	lines := write(t, filepath.Join(dir, "lines"), "# where", `listen = "file:1"`, "", "rate-limit = off", "trusted-proxy = 10.0.0.0/8,::1", "data=d1")
	json := write(t, filepath.Join(dir, "json"), `{"listen": "file:1", "rate-limit": "off", "trusted-proxy": ["10.0.0.0/8", "::1"], "data": "d1"}`)
	for _, file := range []string{lines, json} {
		for _, c := range []struct {
			environ []string
			args    []string
			listen  string
		}{
			{nil, nil, "file:1"},
			{[]string{"CONVIVIO_LISTEN=env:2"}, nil, "env:2"},
			{[]string{"CONVIVIO_LISTEN="}, nil, "file:1"},
			{[]string{"CONVIVIO_LISTEN=env:2"}, []string{"--listen", "flag:3"}, "flag:3"},
			{nil, []string{"--listen", "flag:3"}, "flag:3"},
		} {
			got, err := parse(t, c.environ, append([]string{"serve", "--config", file}, c.args...)...)
			if err != nil {
				t.Fatalf("%s %v %v: %v", filepath.Base(file), c.environ, c.args, err)
			}
			if s := got.Serve; s.Listen != c.listen || s.RateLimit != "off" || strings.Join(s.TrustedProxy, " ") != "10.0.0.0/8 ::1" || got.Data != "d1" {
				t.Errorf("%s %v %v: got %+v, data %s, want listen %s and the rest of the file", filepath.Base(file), c.environ, c.args, s, got.Data, c.listen)
			}
		}
	}
}

func TestKeysThatAreNoSettingsAreErrors(t *testing.T) {
	dir := t.TempDir()
	for text, says := range map[string]string{
		"listne = x":                  `"listne" is no setting`,
		"email = a@example.com":       `"email" is no setting`,
		"accept-loss = true":          `"accept-loss" is no setting`,
		"config = other":              `"config" is no setting`,
		"listen":                      "line 1 is not of the form key = value",
		"listen = a\nlisten = b":      "a second time",
		`{"listen": {"a": 1}}`:        "no setting takes",
		`{"trusted-proxy": [1]}`:      "something else than strings",
		`{"listen": "a"} {}`:          "after the JSON object",
		`{"listen": `:                 "no JSON object",
		"rate-limit = sometimes":      "must be one of",
		`{"Listen": "case matters"}`:  `"Listen" is no setting`,
		"LISTEN = case matters":       `"LISTEN" is no setting`,
		"base_url = http://localhost": `"base_url" is no setting`,
	} {
		_, err := parse(t, nil, "serve", "--config", write(t, filepath.Join(dir, "file"), text))
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: got %v, want it to say %q", text, err, says)
		}
	}
	for _, name := range []string{"CONVIVIO_LISTNE", "CONVIVIO_EMAIL", "CONVIVIO_ACCEPT_LOSS", "CONVIVIO_"} {
		_, err := parse(t, []string{name + "=x"}, "serve")
		if err == nil || !strings.Contains(err.Error(), name+" is no setting") {
			t.Errorf("%s: got %v, want it refused by name", name, err)
		}
	}
	if _, err := parse(t, nil, "serve", "--config", filepath.Join(dir, "nowhere")); err == nil {
		t.Error("a configuration file that is not there was accepted")
	}
}

func TestSettingsOfOtherCommandsDoNotDisturb(t *testing.T) {
	file := write(t, filepath.Join(t.TempDir(), "file"), "listen = file:1", "base-url = https://idee.example.com", "data = d1")
	got, err := parse(t, []string{"CONVIVIO_RATE_LIMIT=off"}, "person", "add", "--email", "a@example.com", "--name", "A", "--config", file)
	if err != nil || got.Data != "d1" || got.Person.Add.BaseURL != "https://idee.example.com" {
		t.Errorf("got %+v, %v", got, err)
	}
}
