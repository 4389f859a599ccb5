package words

import "maps"

// The pages about participation in Italian.
func init() {
	maps.Copy(italian, map[string]string{
		"about %d people":                             "circa %d persone",
		"Overview":                                    "Panoramica",
		"How far back":                                "Quanto indietro",
		"%d month":                                    "%d mese|%d mesi",
		"From listening to results":                   "Dall'ascolto ai risultati",
		"%s: no month can be shown.":                  "%s: nessun mese si può mostrare.",
		"%s: %s in %s.":                               "%s: %s, %s.",
		"%s: from %s in %s to %s in %s.":              "%s: da %s (%s) a %s (%s).",
		"protected: no number for these months":       "protetto: nessun numero per questi mesi",
		"Choose what the figures are broken down by.": "Scegli per che cosa suddividere i numeri.",
		"By team, site or board":                      "Per reparto, sede o bacheca",
		"Trend":                                       "Andamento",
		"The whole company":                           "Tutta l'azienda",
		"How it is counted":                           "Come si conta",
		"Meaning":                                     "Che cosa dice",
		"Hidden, because it would be about fewer than %d people, or could be worked out from what stands beside it. It is not zero.": "Nascosto, perché riguarderebbe meno di %d persone o si potrebbe ricavare da ciò che gli sta accanto. Non è zero.",
		"Fewer than %d people: how many exactly would say too much about each of them.":                                              "Meno di %d persone: quante esattamente direbbe troppo di ciascuna.",
		"All of them, or all but fewer than %d: an exact number would say too much about the others.":                                "Tutte, o tutte tranne meno di %d: un numero esatto direbbe troppo delle altre.",
		"There was nothing to measure in this month.":                                                                                "In questo mese non c'era niente da misurare.",
		"nothing to measure in the month before":                                                                                     "niente da misurare nel mese prima",
		"not comparable with the month before: people came or went":                                                                  "non confrontabile con il mese prima: qualcuno è arrivato o partito",
		"%d point more than the month before":                                                                                        "%d punto in più del mese prima|%d punti in più del mese prima",
		"%d point less than the month before":                                                                                        "%d punto in meno del mese prima|%d punti in meno del mese prima",
		"%s more than the month before":                                                                                              "%s in più del mese prima",
		"%s less than the month before":                                                                                              "%s in meno del mese prima",
		"change|better":                                                                                                              "meglio",
		"change|worse":                                                                                                               "peggio",
		"of about %d people":                                                                                                         "su circa %d persone",
		"%s answered in time":                                                                                                        "%s entro il termine",
		"of the ideas of %s":                                                                                                         "delle idee di %s",
		"of the replies":                                                                                                             "delle risposte",
		"%s, %s":                                                                                                                     "%s, %s",
		"groups of fewer than %d people stand in “Others”":                                                                           "i gruppi con meno di %d persone confluiscono in «Altri»",
		"no figure is about a person":                                                                                                "nessun numero riguarda una persona",
		"Does the company listen? The figures are here for everybody.":                                                               "L'azienda ascolta? I numeri sono qui, per tutti.",
	})
}
