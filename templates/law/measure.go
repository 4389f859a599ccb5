package law

import (
	"convivio/store/board"
	"convivio/templates/words"
)

// gateText says what figures may tell.
var gateText = Text{"Figures are worked out once a month, three days after its end, and are never about fewer than %s people; what is hidden is shown as hidden. Who leaves the figures (account page) is counted nowhere from the next month on. These are all the figures there are:", "Le statistiche si calcolano una volta al mese, tre giorni dopo la sua fine, e non riguardano mai meno di %s persone; ciò che è nascosto si mostra come nascosto. Chi esce dalle statistiche (pagina dell'account) dal mese dopo non è contato da nessuna parte. Queste sono tutte le statistiche che esistono:"}.with(fewest(), fewest())

func fewest() string { return words.Number("en", board.LeastGroup) }

// dimension says by what figures may be broken down.
func dimension(by board.Dimension) Text {
	return map[board.Dimension]Text{
		board.ByCompany: {"company", "azienda"}, board.ByTeam: {"team", "reparto"},
		board.BySite: {"site", "sede"}, board.ByBoard: {"board", "bacheca"},
	}[by]
}

// measures is the table of all figures, from the list that makes them.
func (d *Document) measures() {
	var rows [][]string
	for _, m := range board.Definitions {
		x := words.Measure(d.Lang, m.Measure)
		by := ""
		for n, dim := range m.By {
			if n > 0 {
				by += ", "
			}
			by += dimension(dim).In(d.Lang)
		}
		rows = append(rows, []string{x.Title, x.Formula, x.Meaning, by})
	}
	d.table(rows, Text{"Figure", "Statistica"}, Text{"How it is worked out", "Come si calcola"}, Text{"What it tells", "Che cosa dice"}, Text{"By", "Per"})
}
