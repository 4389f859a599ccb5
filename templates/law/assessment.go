package law

import (
	"strings"
)

// assessment is the draft of a data protection impact assessment (GDPR, article 35).
func assessment(lang string, f Facts) Document {
	d := begin(DPIA, lang, Text{"Data protection impact assessment of Convivio", "Valutazione d'impatto sulla protezione dei dati di Convivio"}, draft)
	d.say(Text{"Controller: ______________________  Data protection officer: ______________________  Date: ____________  Software: Convivio %s", "Titolare: ______________________  Responsabile della protezione dei dati: ______________________  Data: ____________  Software: Convivio %s"}.with(f.Version, f.Version))
	d.head(Text{"Why an assessment", "Perché una valutazione"})
	d.say(Text{"Article 35 of the GDPR and the list of the Italian authority (decision 467 of 11 October 2018) ask for one where employees' data are processed with systems from which remote control of their activity may derive. Free text may also hold special categories of data (article 9).", "L'articolo 35 del GDPR e l'elenco del Garante (provvedimento 467 dell'11 ottobre 2018) la richiedono per i trattamenti di dati di dipendenti con sistemi dai quali può derivare il controllo a distanza della loro attività. Il testo libero può inoltre contenere categorie particolari di dati (articolo 9)."})
	d.head(Text{"Description (article 35(7)(a))", "Descrizione (articolo 35, paragrafo 7, lettera a)"})
	d.say(Text{"Persons: employees, and guests who were invited. Number: ____. One program on a server of the controller, one data folder; browsers speak to it over HTTPS. No processor, unless the server is run by others: ______________________.", "Interessati: dipendenti, e ospiti invitati. Numero: ____. Un programma su un server del titolare, una cartella di dati; i browser gli parlano via HTTPS. Nessun responsabile del trattamento, salvo che il server sia gestito da altri: ______________________."})
	d.say(Text{"Flows of data: what people write goes into the database and, in the same step, a number into the log. From the log follow the search index, notices, and the pages that are open; each asks again who may see it. Once a month figures go through the gate into a table, and from there to pages and releases. Backups hold the database and the files, not the access log.", "Flussi di dati: ciò che le persone scrivono va nel database e, nello stesso passo, un numero va nel registro degli eventi. Da lì seguono l'indice di ricerca, gli avvisi e le pagine aperte; ognuno richiede ogni volta chi può vedere. Una volta al mese le statistiche passano il filtro, finiscono in una tabella, e da lì nelle pagine e nelle esportazioni. Le copie di sicurezza contengono database e file, non il registro degli accessi."})
	d.data(f, true)
	d.head(Text{"Figures", "Statistiche"})
	d.say(gateText)
	d.measures()
	d.head(Text{"Necessity and proportionality (article 35(7)(b))", "Necessità e proporzionalità (articolo 35, paragrafo 7, lettera b)"})
	d.items(false,
		Text{"Purpose: collecting ideas, deciding on them, accounting for it. Names stand beside words because a conversation needs them; votes and reactions are shown as numbers because they do not.", "Scopo: raccogliere idee, decidere, renderne conto. I nomi stanno accanto alle parole perché una conversazione ne ha bisogno; voti e reazioni si mostrano come numeri perché non ne hanno."},
		Text{"Less was found to serve: who read is not kept; when one reacted is not kept; devices are kept to the hour; the access log to the minute, and not which page.", "Ciò che si poteva ridurre è ridotto: chi ha letto non si conserva; quando si è reagito neppure; i dispositivi all'ora; il registro degli accessi al minuto, e non quale pagina."},
		Text{"Balancing (article 6(1)(f)): employees may expect colleagues to read what they write, and not to be watched; the measures below hold the second.", "Bilanciamento (articolo 6.1.f): i dipendenti possono aspettarsi che i colleghi leggano ciò che scrivono, e non di essere osservati; le misure qui sotto garantiscono la seconda cosa."},
		Text{"Rights: own words are edited and deleted by their author; objection to figures with one click; access, erasure and the rest by the controller.", "Diritti: le proprie parole le modifica ed elimina l'autore; l'opposizione alle statistiche con un clic; accesso, cancellazione e il resto tramite il titolare."})
	d.head(Text{"Risks and measures (article 35(7)(c) and (d))", "Rischi e misure (articolo 35, paragrafo 7, lettere c e d)"})
	d.table(risks(lang), Text{"Risk", "Rischio"}, Text{"Measures in the program", "Misure nel programma"}, Text{"What remains, and who sees to it", "Che cosa resta, e chi se ne occupa"})
	d.head(Text{"Logs", "Registri"})
	d.items(true, logTexts(f)...)
	d.head(Text{"What is not done", "Che cosa non si fa"})
	d.items(false, never...)
	d.head(Text{"Views and outcome", "Pareri ed esito"})
	d.say(Text{"Views of the representatives of the persons concerned (article 35(9)): ______________________", "Opinioni dei rappresentanti degli interessati (articolo 35, paragrafo 9): ______________________"},
		Text{"Opinion of the data protection officer (article 35(2)): ______________________", "Parere del responsabile della protezione dei dati (articolo 35, paragrafo 2): ______________________"},
		Text{"Remaining risk: ______  Prior consultation (article 36): yes / no  Review on: ____________", "Rischio residuo: ______  Consultazione preventiva (articolo 36): sì / no  Riesame il: ____________"})
	return *d
}

// risk is a row of the assessment.
type risk [3]Text

func risks(lang string) (rows [][]string) {
	for _, r := range []risk{
		{{"Employees are watched through what they write", "I dipendenti sono osservati attraverso ciò che scrivono"},
			{"No list, count or timeline of a person anywhere; person pages without dates; search by author without total, order by date or dates; no role that has more", "Nessun elenco, conteggio o cronologia di una persona; pagine delle persone senza date; ricerca per autore senza totale, ordine per data o date; nessun ruolo che ne abbia di più"},
			{"Whoever may read a board can read all of it: house rules and the agreement forbid use against persons", "Chi può leggere una bacheca può leggerla tutta: regole della casa e accordo ne vietano l'uso contro le persone"}},
		{{"Figures point at somebody in a small group", "Le statistiche indicano qualcuno in un piccolo gruppo"},
			{"One gate for page, interface, chart and file: at least %s people, complementary suppression with an exact audit, differencing between filters and months, rounding; hidden stays hidden", "Un solo filtro per pagine, interfaccia, grafici e file: almeno %s persone, soppressione complementare con verifica esatta, differenze tra filtri e mesi, arrotondamento; ciò che è nascosto resta nascosto"},
			{"What people tell each other about themselves", "Ciò che le persone si dicono di sé"}},
		{{"Somebody with power looks where they should not", "Chi ha potere guarda dove non dovrebbe"},
			{"Private boards closed to every role; looking at addresses, hidden words and reports is recorded in a log that proves itself, read by others", "Bacheche private chiuse a ogni ruolo; guardare indirizzi, parole nascoste e segnalazioni resta in un registro che si dimostra da sé, letto da altri"},
			{"Who runs the server can read its files: name them, bind them to secrecy, keep the log's head elsewhere", "Chi gestisce il server può leggerne i file: nominarli, vincolarli al riserbo, tenere altrove la testa del registro"}},
		{{"Special categories of data in free text", "Categorie particolari di dati nel testo libero"},
			{"Reports with the reason personal data; moderators hide and erase; no free text in releases", "Segnalazioni per dati personali; i moderatori nascondono e cancellano; nessun testo libero nelle esportazioni"},
			{"Moderators have to be named and trained", "I moderatori vanno nominati e formati"}},
		{{"Somebody breaks in, or data are lost", "Qualcuno si introduce, o si perdono dati"},
			{"Passwords under argon2id, sessions that end, limits on guessing, strict browser policy, checked backups, a log that shows missing data", "Password con argon2id, sessioni che finiscono, limiti ai tentativi, regole severe per il browser, copie verificate, un registro che mostra i dati mancanti"},
			{"HTTPS, updates, encrypted disks and backups: who runs the server", "HTTPS, aggiornamenti, dischi e copie cifrati: chi gestisce il server"}},
		{{"Data stay longer than needed", "I dati restano più del necessario"},
			{"The server erases by itself what has an end (table above); logs with identities 21 days at most, which no setting raises", "Il server cancella da sé ciò che ha una fine (tabella sopra); i registri con identità al massimo 21 giorni, che nessuna impostazione aumenta"},
			{"How long ideas themselves stay, and backups: ______________________", "Per quanto restano le idee stesse, e le copie: ______________________"}},
	} {
		row := make([]string, 0, len(r))
		for _, t := range r {
			row = append(row, strings.ReplaceAll(t.In(lang), "%s", fewest()))
		}
		rows = append(rows, row)
	}
	return rows
}

// lower lets a sentence go on in another one.
func lower(s string) string {
	if s == "" || s[0] >= '0' && s[0] <= '9' {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
