package main

import (
	"context"

	"convivio/templates/law"
)

// documentCommand prints a document on privacy, made from the lists the program works by.
type documentCommand struct {
	Name string `arg:"" enum:"notice,collected,agreement,dpia" help:"notice (to employees), collected (what is kept), agreement (with the unions, a draft) or dpia (impact assessment, a draft)."`
	Lang string `enum:"it,en,both" default:"both" help:"it, en or both (${default})." placeholder:"LANG"`
}

// Run prints Markdown.
func (c *documentCommand) Run(_ context.Context, p *program) error {
	p.printf("%s", documentText(law.Name(c.Name), c.Lang))
	return nil
}

// documentText is a document in one language, or in Italian and then in English.
func documentText(name law.Name, lang string) string {
	facts := law.Usual
	facts.Version = "______"
	if lang != "both" {
		return law.Write(name, lang, facts).Markdown()
	}
	return "<!-- Written by: convivio document " + string(name) + " -->\n\n" + law.Write(name, "it", facts).Markdown() +
		"\n---\n\n" + law.Write(name, "en", facts).Markdown()
}
