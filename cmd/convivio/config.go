package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// settings holds what the environment and the configuration file say. A flag
// wins over the environment, the environment over the file. A key that is no
// setting is an error: a misspelt one must not be passed over in silence.
type settings struct {
	env  map[string]string // by flag name
	file map[string]string
	path string // of the file
}

const envPrefix = "CONVIVIO_"

// newSettings reads the environment, NAME=value.
func newSettings(environ []string) *settings {
	s := &settings{env: map[string]string{}}
	for _, line := range environ {
		name, value, _ := strings.Cut(line, "=")
		if key, ok := strings.CutPrefix(name, envPrefix); ok && value != "" { // an empty variable is none
			s.env[strings.ReplaceAll(strings.ToLower(key), "_", "-")] = value
		}
	}
	return s
}

// configFile is the flag that names the configuration file.
type configFile string

// BeforeResolve reads the file before other flags look for their values in it.
func (c configFile) BeforeResolve(ctx *kong.Context, trace *kong.Path, s *settings) error {
	path, ok := ctx.FlagValue(trace.Flag).(configFile)
	if !ok {
		return nil
	}
	return s.read(string(path))
}

func (s *settings) read(path string) error {
	text, err := os.ReadFile(path) // #nosec G304 -- the operator names the file
	if err != nil {
		return fmt.Errorf("read the configuration: %w", err)
	}
	parse := parseLines
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		parse = parseJSON
	}
	if s.file, err = parse(text); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	s.path = path
	return nil
}

// Resolve gives a flag that was not on the command line its value. Part of kong.Resolver.
func (s *settings) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if !flag.Tag.Has("setting") {
		return nil, nil
	}
	if value, ok := s.env[flag.Name]; ok {
		return value, nil
	}
	if value, ok := s.file[flag.Name]; ok {
		return value, nil
	}
	return nil, nil
}

// Validate refuses keys that are no settings. Part of kong.Resolver.
func (s *settings) Validate(app *kong.Application) error {
	known := settingNames(app.Node)
	for key := range s.env {
		if !slices.Contains(known, key) {
			name := envPrefix + strings.ToUpper(strings.ReplaceAll(key, "-", "_"))
			return fmt.Errorf("the environment variable %s is no setting; the settings are %s", name, strings.Join(known, ", "))
		}
	}
	for key := range s.file {
		if !slices.Contains(known, key) {
			return fmt.Errorf("%s: %q is no setting; the settings are %s", s.path, key, strings.Join(known, ", "))
		}
	}
	return nil
}

// settingNames lists the flags of all commands that are settings.
func settingNames(n *kong.Node) []string {
	var names []string
	for _, f := range n.Flags {
		if f.Tag.Has("setting") {
			names = append(names, f.Name)
		}
	}
	for _, c := range n.Children {
		names = append(names, settingNames(c)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// parseLines reads lines of key = value. Empty lines and lines that begin with
// # say nothing; a value may stand in double quotes.
func parseLines(text []byte) (map[string]string, error) {
	out := map[string]string{}
	for i, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if !ok || key == "" {
			return nil, fmt.Errorf("line %d is not of the form key = value", i+1)
		}
		if _, twice := out[key]; twice {
			return nil, fmt.Errorf("line %d gives %q a second time", i+1, key)
		}
		if len(value) >= 2 && value[0] == '"' && value[len(value)-1] == '"' {
			value = value[1 : len(value)-1]
		}
		out[key] = value
	}
	return out, nil
}

// parseJSON reads one object of strings, numbers, booleans, and lists of strings.
func parseJSON(text []byte) (map[string]string, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var raw map[string]any
	if err := d.Decode(&raw); err != nil {
		return nil, fmt.Errorf("this is no JSON object: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is something after the JSON object")
	}
	out := map[string]string{}
	for key, value := range raw {
		switch v := value.(type) {
		case string, bool, json.Number:
			out[key] = fmt.Sprint(v)
		case []any:
			words := make([]string, 0, len(v))
			for _, w := range v {
				word, ok := w.(string)
				if !ok {
					return nil, fmt.Errorf("%q is a list of something else than strings", key)
				}
				words = append(words, word)
			}
			out[key] = strings.Join(words, ",")
		default:
			return nil, fmt.Errorf("%q has a value that no setting takes", key)
		}
	}
	return out, nil
}
