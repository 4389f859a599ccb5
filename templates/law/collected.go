package law

import (
	"strings"
	"time"

	"convivio/store/board"
)

// told is what is said of a kind of datum: what it is, what for, who sees it, and
// how long it stays and how it goes.
type told struct{ what, why, sees, until Text }

var (
	themselves = Text{"The person alone", "Solo la persona stessa"}
	readers    = Text{"Whoever may read the board", "Chi può leggere la bacheca"}
	withThem   = Text{"As long as the account; of who was shut out until the controller erases it", "Finché c'è l'account; di chi è stato escluso finché il titolare non lo cancella"}
	withIdea   = Text{"As long as the idea", "Finché c'è l'idea"}
	noBody     = Text{"Nobody: no page shows it", "Nessuno: nessuna pagina lo mostra"}
)

// tells says what there is to say of a kind of datum.
func tells(d board.Datum, f Facts) told {
	for _, of := range []func(board.Datum) (told, bool){ofPeople, ofWords, ofAttention, ofJustice} {
		if t, ok := of(d); ok {
			return t
		}
	}
	return ofMachine(d, f)
}

// ofPeople tells of who somebody is and how they come in.
func ofPeople(d board.Datum) (told, bool) {
	switch d {
	case board.AccountDatum:
		return told{
			Text{"Name, e-mail, name after @, employee or guest, team, site, language, roles, when added or shut out; for imported people their number where they came from", "Nome, e-mail, nome dopo la @, dipendente o ospite, reparto, sede, lingua, ruoli, quando è stato aggiunto o escluso; per le persone importate il numero che avevano all'origine"},
			Text{"To sign in, and to stand beside one's words", "Per entrare, e per stare accanto alle proprie parole"},
			Text{"Name, team, site and roles: employees, and guests where they write together. E-mail: administrators, which the audit log records", "Nome, reparto, sede e ruoli: i dipendenti, e gli ospiti dove scrivono insieme. E-mail: gli amministratori, e resta nel registro di controllo"},
			withThem}, true
	case board.KeysDatum:
		return told{
			Text{"Password (as an argon2id hash), tokens, invitations and reset links (as hashes), failed sign-ins under a hash of account or address", "Password (come hash argon2id), token, inviti e link di ripristino (come hash), accessi falliti sotto un hash dell'account o dell'indirizzo"},
			Text{"So that nobody else comes in", "Perché non entri nessun altro"},
			Text{"Nobody; the names of tokens their owner", "Nessuno; i nomi dei token il loro proprietario"},
			Text{"Until changed, revoked or used; failed sign-ins until the next good one", "Fino a cambio, revoca o uso; gli accessi falliti fino al prossimo riuscito"}}, true
	case board.DevicesDatum:
		return told{
			Text{"Devices signed in: browser and system in two words, since when, the hour they were used last, whether shared", "Dispositivi collegati: browser e sistema in due parole, da quando, l'ora dell'ultimo uso, se condivisi"},
			Text{"To sign out by themselves, and to be signed out from afar", "Perché la sessione finisca da sola, e si possa chiudere da lontano"}, themselves,
			untilSignedOut()}, true
	case board.BoardsDatum:
		return told{
			Text{"Members of private boards and since when; who answers for a board, moderates it or hears of what is illegal there", "Membri delle bacheche private e da quando; chi risponde per una bacheca, la modera o riceve le segnalazioni di illeciti"},
			Text{"So that a private board stays private, and everybody knows whom to ask", "Perché una bacheca privata resti privata, e si sappia a chi rivolgersi"}, readers,
			Text{"Until taken off the board", "Finché non viene tolto dalla bacheca"}}, true
	case board.PlaceDatum:
		return told{
			Text{"Team, site, and whether the person left the figures, from when on", "Reparto, sede, e se la persona è uscita dalle statistiche, da quando"},
			Text{"So that figures count people where they stood, and leave out those who object (GDPR, article 21)", "Perché le statistiche contino le persone dove stavano, e lascino fuori chi si oppone (GDPR, articolo 21)"}, noBody, withThem}, true
	case board.InformedDatum:
		return told{
			Text{"Which version of the notice one said to have read last, and on which day", "Quale versione dell'informativa si è detto di aver letto per ultima, e in che giorno"},
			Text{"To be told when it changes", "Per essere avvisati quando cambia"}, themselves, withThem}, true
	case board.ExpertDatum:
		return told{
			Text{"That one offered to be asked", "Che ci si è offerti per rispondere a domande"},
			Text{"To be named as somebody who knows about a subject", "Per essere nominati come persone che se ne intendono"}, readers,
			Text{"Until taken back", "Finché non si ritira l'offerta"}}, true
	}
	return told{}, false
}

func untilSignedOut() Text {
	idleEn, idleIt := days(board.SessionIdle)
	lifeEn, lifeIt := days(board.SessionLife)
	return Text{"Erased " + idleEn + " after the last use, at sign-out, and after " + lifeEn + " in any case", "Cancellati " + idleIt + " dopo l'ultimo uso, all'uscita, e comunque dopo " + lifeIt}
}

func deleted() Text {
	authorEn, authorIt := days(board.DeletedKept)
	moderatorEn, moderatorIt := days(board.RegretTime)
	return Text{
		"Until deleted: words that their author deleted are erased after " + authorEn + ", those a moderator deleted after " + moderatorEn + ", those a moderator hid when nobody can appeal any more",
		"Finché non si eliminano: le parole eliminate da chi le ha scritte sono cancellate dopo " + authorIt + ", quelle eliminate da un moderatore dopo " + moderatorIt + ", quelle nascoste da un moderatore quando non si può più ricorrere"}
}

// ofWords tells of what people write and promise.
func ofWords(d board.Datum) (told, bool) {
	switch d {
	case board.WordsDatum:
		return told{
			Text{"Ideas, comments, official answers, announcements, their earlier wordings, who wrote them and when", "Idee, commenti, risposte ufficiali, annunci, le versioni precedenti, chi li ha scritti e quando"},
			Text{"The conversation itself", "La conversazione stessa"}, readers,
			deleted()}, true
	case board.PromisesDatum:
		return told{
			Text{"Steps of an idea, who decided them and why, who sees to it by when", "I passi di un'idea, chi li ha decisi e perché, chi se ne occupa ed entro quando"},
			Text{"So that a promise has somebody who keeps it", "Perché una promessa abbia qualcuno che la mantiene"}, readers, withIdea}, true
	case board.DraftsDatum:
		return told{
			Text{"Ideas and official answers in the making", "Idee e risposte ufficiali in preparazione"},
			Text{"To go on writing later, or together", "Per continuare a scriverle dopo, o insieme"},
			Text{"Who writes them: of an idea its author alone", "Chi le scrive: di un'idea solo il suo autore"},
			Text{"Until posted or thrown away", "Fino alla pubblicazione o all'eliminazione"}}, true
	case board.FilesDatum:
		return told{
			Text{"Attached files, who attached them and when; pictures without what cameras write into them", "File allegati, chi li ha allegati e quando; immagini senza ciò che vi scrivono le fotocamere"},
			Text{"Part of the conversation", "Parte della conversazione"}, readers,
			Text{"As long as a text names them, without one for %s", "Finché un testo li nomina, senza testo per %s"}.kept(board.KeysKept)}, true
	case board.LogDatum:
		return told{
			Text{"Number, time, kind and ids of what happened, and who did it, except for votes and reactions; no words", "Numero, ora, tipo e identificativi di ciò che è successo, e chi l'ha fatto, tranne per voti e reazioni; nessuna parola"},
			Text{"So that search, notices and open pages follow", "Perché ricerca, avvisi e pagine aperte restino aggiornati"},
			Text{"Who did it is told only where the page shows the author anyway", "Chi l'ha fatto si dice solo dove la pagina mostra comunque l'autore"},
			Text{"As long as the data folder", "Finché esiste la cartella dei dati"}}, true
	case board.ReleasesDatum:
		return told{
			Text{"Who made a release of figures, and when; in its files no person", "Chi ha fatto un'esportazione di statistiche, e quando; nei suoi file nessuna persona"},
			Text{"So that everybody can see what was taken out", "Perché si veda che cosa è stato estratto"},
			Text{"HR and the works council; everybody reads of how many they were part", "HR e la rappresentanza dei lavoratori; ognuno legge di quante esportazioni ha fatto parte"},
			Text{"As long as the data folder", "Finché esiste la cartella dei dati"}}, true
	}
	return told{}, false
}

// ofAttention tells of what people support, follow, read and look for.
func ofAttention(d board.Datum) (told, bool) {
	switch d {
	case board.VotesDatum:
		return told{
			Text{"For which ideas one voted, and when", "Per quali idee si è votato, e quando"},
			Text{"One vote a person; to take it back; to count it in the figures of its month", "Un voto a testa; per ritirarlo; per contarlo nelle statistiche del suo mese"},
			Text{"The person alone; others see a number", "Solo la persona; gli altri vedono un numero"},
			Text{"Until taken back, or the idea is erased", "Finché non si ritira, o l'idea viene cancellata"}}, true
	case board.ReactionsDatum:
		return told{
			Text{"To which comments and answers one reacted, and how; not when", "A quali commenti e risposte si è reagito, e come; non quando"},
			Text{"One of each kind a person; to take it back", "Una per tipo a testa; per ritirarla"},
			Text{"The person alone; others see a number", "Solo la persona; gli altri vedono un numero"},
			Text{"Until taken back, or the text is erased", "Finché non si ritira, o il testo viene cancellato"}}, true
	case board.FollowingDatum:
		return told{
			Text{"Which ideas and boards one follows, up to which event one has read an idea (not when), which announcements one put away", "Quali idee e bacheche si seguono, fino a quale evento si è letta un'idea (non quando), quali annunci si sono chiusi"},
			Text{"To mark what is new", "Per segnare le novità"}, themselves,
			Text{"Until stopped; reading marks with the account. In no figure", "Finché non si smette; i segni di lettura con l'account. In nessuna statistica"}}, true
	case board.NoticesDatum:
		return told{
			Text{"Which event one was told of and why, whether seen (not when); no words", "Di quale evento si è stati avvisati e perché, se visto (non quando); nessuna parola"},
			Text{"The bell", "La campanella"}, themselves, Text{"%s", "%s"}.kept(board.NoticesKept)}, true
	case board.SearchesDatum:
		return told{
			Text{"Searches one chose to keep, and which ideas they found", "Le ricerche che si è scelto di salvare, e quali idee hanno trovato"},
			Text{"To be told when something new matches", "Per sapere quando c'è qualcosa di nuovo"}, themselves,
			Text{"Until deleted. Other searches are not kept", "Finché non si eliminano. Le altre ricerche non si conservano"}}, true
	case board.UnfoundDatum:
		return told{
			Text{"Words that were looked for and led nowhere, without a name: beside them a keyed hash, so that nobody is counted twice", "Parole cercate senza risultato, senza nome: accanto un hash con chiave, perché nessuno conti due volte"},
			Text{"So that moderators learn what is missing, from five people on", "Perché i moderatori sappiano che cosa manca, da cinque persone in su"},
			Text{"Moderators, in steps and without names", "I moderatori, per fasce e senza nomi"},
			Text{"%s; the key is thrown away each month", "%s; la chiave si butta ogni mese"}.kept(board.UnfoundKept)}, true
	case board.PresenceDatum:
		return told{
			Text{"That one has an idea open or is writing, what one just searched for", "Che si ha un'idea aperta o si sta scrivendo, che cosa si è appena cercato"},
			Text{"So that others see a number, and what was new stays marked", "Perché gli altri vedano un numero, e le novità restino segnate"},
			Text{"Nobody; others see a number", "Nessuno; gli altri vedono un numero"},
			Text{"In memory alone, half an hour at most", "Solo in memoria, mezz'ora al massimo"}}, true
	}
	return told{}, false
}

// ofJustice tells of moderation and of what checks power.
func ofJustice(d board.Datum) (told, bool) {
	switch d {
	case board.ModerationDatum:
		return told{
			Text{"What waits for a moderator, what was decided about which words, by whom and why; whose first posts wait no more", "Che cosa aspetta un moderatore, che cosa si è deciso su quali parole, chi e perché; di chi non si attendono più i primi interventi"},
			Text{"So that decisions have a reason and can be appealed", "Perché le decisioni abbiano un motivo e si possa ricorrere"},
			Text{"Moderators of the board; of a decision whom it concerns, without who decided", "I moderatori della bacheca; di una decisione chi ne è interessato, senza chi ha deciso"},
			Text{"Words that were taken away or refused: %s, longer while an appeal is open. Decisions as long as the ideas", "Parole tolte o rifiutate: %s, di più se c'è un ricorso aperto. Le decisioni finché ci sono le idee"}.kept(board.AppealTime)}, true
	case board.ReportsDatum:
		return told{
			Text{"Who reported what and why, and whether it was right", "Chi ha segnalato che cosa e perché, e se aveva ragione"},
			Text{"To look into it; to know how far to trust reports", "Per verificare; per sapere quanto fidarsi delle segnalazioni"},
			Text{"Nobody sees who reported; moderators see, beside what was reported, how often its reporters were right", "Nessuno vede chi ha segnalato; i moderatori vedono, accanto a ciò che è segnalato, quante volte chi segnala aveva ragione"},
			Text{"The note until it is decided, the rest as long as the idea", "La nota fino alla decisione, il resto finché c'è l'idea"}}, true
	case board.SanctionsDatum:
		return told{
			Text{"Warnings, silences and suspensions with their ends; appeals", "Avvisi, silenzi e sospensioni con la loro fine; ricorsi"},
			Text{"So that they end by themselves, and somebody else looks again", "Perché finiscano da sole, e qualcun altro riveda la decisione"},
			Text{"Whom they concern, and who decides about their words; nobody sees a list", "Chi ne è interessato, e chi decide sulle sue parole; nessuno ne vede un elenco"},
			Text{"With the account; the words of an appeal %s after it was decided", "Con l'account; le parole di un ricorso %s dopo la decisione"}.kept(board.NoticesKept)}, true
	case board.AuditDatum:
		return told{
			Text{"What administrators, moderators, HR and auditors do and look at with power over others, from which address; how administrators come in; who asked for a page or a form of power and was refused it, once an hour. Never what people do every day", "Che cosa fanno e guardano amministratori, moderatori, HR e revisori con potere sugli altri, da quale indirizzo; come entrano gli amministratori; chi ha chiesto una pagina o un comando di chi ha poteri ed è stato respinto, una volta l'ora. Mai ciò che le persone fanno ogni giorno"},
			Text{"So that power can be checked, and nobody can change the record", "Perché il potere si possa controllare, e nessuno possa cambiare il registro"},
			Text{"Auditors alone", "Solo i revisori"},
			Text{"As long as the data folder, provably unchanged; addresses %s", "Finché esiste la cartella dei dati, in modo verificabile; gli indirizzi %s"}.kept(board.AddressesKept)}, true
	}
	return told{}, false
}

// ofMachine tells of what a server and a device keep to work.
func ofMachine(d board.Datum, f Facts) told {
	switch d {
	case board.OnceDatum:
		return told{
			Text{"Keys of forms that were sent", "Chiavi dei moduli inviati"},
			Text{"So that what is sent twice is done once", "Perché ciò che arriva due volte si faccia una volta"}, noBody, Text{"%s", "%s"}.kept(board.KeysKept)}
	case board.VisitsDatum:
		until := Text{"Not kept here", "Qui non si tiene"}
		if f.AccessDays > 0 {
			until = Text{"%s, then the server deletes the file; 21 days at most, whatever is set", "%s, poi il server elimina il file; al massimo 21 giorni, qualunque sia l'impostazione"}.kept(time.Duration(f.AccessDays) * day)
		}
		return told{
			Text{"Access log: number of the person, address, which kind of page (not which page), status, to the minute", "Registro degli accessi: numero della persona, indirizzo, tipo di pagina (non quale), esito, al minuto"},
			Text{"To find out how somebody broke in", "Per capire come qualcuno si è introdotto"},
			Text{"Who runs the machine; no page shows it", "Chi gestisce la macchina; nessuna pagina lo mostra"}, until}
	case board.DeviceDatum:
		return told{
			Text{"On one's own device: copies of pages one opened, drafts, what waits to be sent", "Sul proprio dispositivo: copie delle pagine aperte, bozze, ciò che attende di essere inviato"},
			Text{"To read and write without a connection", "Per leggere e scrivere senza connessione"},
			Text{"Whoever can open the device", "Chi può aprire il dispositivo"},
			Text{"%s, and erased at sign-out; nothing on a shared device", "%s, e cancellato all'uscita; niente su un dispositivo condiviso"}.kept(board.SessionLife)}
	}
	return told{}
}

// ground says on what ground something is proposed to be kept.
func ground(b board.Basis) Text {
	switch b {
	case board.BySecurity:
		return Text{"legitimate interest: security (GDPR 6(1)(f), 32)", "legittimo interesse: sicurezza (GDPR 6.1.f, 32)"}
	case board.ByDuty:
		return Text{"duties of accountability (GDPR 6(1)(c) or (f), 5(2))", "doveri di responsabilizzazione (GDPR 6.1.c o f, 5.2)"}
	}
	return Text{"legitimate interest: hearing each other (GDPR 6(1)(f))", "legittimo interesse: ascoltarsi (GDPR 6.1.f)"}
}

// where says in which tables something stands.
func where(c board.Collected, lang string) string {
	if c.Place != "" {
		return map[board.Place]Text{
			board.InMemory:  {"the server's memory", "memoria del server"},
			board.InFolder:  {"files in access/", "file in access/"},
			board.OnDevices: {"the browser's storage", "archivio del browser"},
		}[c.Place].In(lang)
	}
	var names []string
	for _, t := range c.Tables {
		if t.Table == "person" {
			for _, column := range strings.Fields(t.Names) {
				if c.Datum != board.AccountDatum {
					names = append(names, "person."+column)
				}
			}
			if c.Datum != board.AccountDatum {
				continue
			}
		}
		names = append(names, t.Table)
	}
	return strings.Join(names, ", ")
}

// data is the table of what is kept about people; whole with where it stands and
// on what ground.
func (d *Document) data(f Facts, whole bool) {
	heads := []Text{{"What", "Che cosa"}, {"What for", "A che scopo"}, {"Who sees it", "Chi lo vede"}, {"How long", "Per quanto"}}
	if whole {
		heads = append(heads, Text{"Where it stands", "Dove sta"}, Text{"Ground (proposed)", "Base (proposta)"})
	}
	var rows [][]string
	for _, c := range board.Everything {
		t := tells(c.Datum, f)
		row := []string{t.what.In(d.Lang), t.why.In(d.Lang), t.sees.In(d.Lang), t.until.In(d.Lang)}
		if whole {
			row = append(row, where(c, d.Lang), ground(c.Basis).In(d.Lang))
		}
		rows = append(rows, row)
	}
	d.table(rows, heads...)
}

// never are things that Convivio does not do. Tests of the program hold each of them.
var never = []Text{
	{"No page, export or interface lists what one person does: no last-seen, no counts per person, no timeline, not even for administrators.", "Nessuna pagina, esportazione o interfaccia elenca ciò che fa una persona: nessun ultimo accesso, nessun conteggio per persona, nessuna cronologia, neppure per gli amministratori."},
	{"No page, export or interface tells anybody who voted, who reacted, who read something, who follows what, or who reported.", "Nessuna pagina, esportazione o interfaccia dice a qualcuno chi ha votato, chi ha reagito, chi ha letto, chi segue che cosa o chi ha segnalato."},
	{"No time spent, page views, keystrokes, location, camera or microphone are recorded.", "Non si registrano tempo trascorso, visualizzazioni, tasti premuti, posizione, videocamera o microfono."},
	{"No sentiment or emotion of persons is inferred: this is forbidden at work (Regulation (EU) 2024/1689, article 5(1)(f)), and Convivio has nothing that does it.", "Non si deducono sentimenti o emozioni delle persone: sul lavoro è vietato (regolamento (UE) 2024/1689, articolo 5, paragrafo 1, lettera f), e Convivio non ha nulla che lo faccia."},
	{"No person is scored, ranked or profiled, and nothing is decided about anybody by a machine alone (GDPR, article 22).", "Nessuno riceve punteggi, graduatorie o profili, e nessuna decisione su una persona è presa solo da una macchina (GDPR, articolo 22)."},
	{"Nothing leaves the company's server: no telemetry, no service of others, no transfer outside the European Union by the program.", "Nulla lascia il server dell'azienda: nessuna telemetria, nessun servizio di terzi, nessun trasferimento fuori dall'Unione europea da parte del programma."},
}

func collectedDocument(lang string, f Facts) Document {
	d := begin(Collected, lang, Text{"What is collected", "Che cosa si raccoglie"},
		Text{"Everything that Convivio keeps about people. This list is the one that the program is tested against: a column of the database that is missing here fails its tests.", "Tutto ciò che Convivio conserva sulle persone. È la stessa lista con cui il programma viene verificato: una colonna del database che qui manca fa fallire le prove."})
	d.head(Text{"What is kept", "Che cosa si conserva"})
	d.data(f, true)
	d.head(Text{"What is not", "Che cosa non si fa"})
	d.items(false, never...)
	d.head(Text{"Figures and releases", "Statistiche ed esportazioni"})
	d.say(gateText)
	d.measures()
	return *d
}
