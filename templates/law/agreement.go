package law

import "convivio/store/board"

// draft stands above what others have to decide.
var draft = Text{"A draft, filled in by the program from the lists it works by. It is to be checked and completed by your counsel and data protection officer; it is no legal advice. Lines are for what only you know.", "Una bozza, compilata dal programma con le liste secondo cui lavora. Va verificata e completata dal vostro legale e dal responsabile della protezione dei dati; non è un parere legale. Le righe sono per ciò che solo voi sapete."}

// agreement is a statement ready for the agreement with the unions (article 4 of
// law 300/1970).
func agreement(lang string, f Facts) Document {
	d := begin(Agreement, lang, Text{"Agreement on the use of Convivio", "Accordo sull'uso di Convivio"}, draft)
	d.head(Text{"Between", "Tra"})
	d.say(Text{"The company ______________________, represented by ______________________, and the RSU/RSA (or the works council) ______________________, on ____________, under article 4(1) of law 20 May 1970 no. 300 as amended.", "L'azienda ______________________, rappresentata da ______________________, e la RSU/RSA ______________________, il ____________, ai sensi dell'articolo 4, comma 1, della legge 20 maggio 1970, n. 300 e successive modificazioni."})
	d.head(Text{"The tool and what it is for", "Lo strumento e il suo scopo"})
	d.say(Text{"Convivio is the place where people write ideas, talk about them, support them and receive the company's answer. It serves the organisation of work: to collect proposals, decide on them and account for it. It is not for checking work, and the parties agree that nothing in it is used to assess, reward, compare or discipline persons, but for breaches of the house rules in what they wrote there.", "Convivio è il luogo in cui le persone scrivono idee, ne parlano, le sostengono e ricevono la risposta dell'azienda. Serve a esigenze organizzative: raccogliere proposte, decidere e renderne conto. Non serve a controllare il lavoro, e le parti convengono che nulla di ciò che contiene sia usato per valutare, premiare, confrontare o sanzionare persone, salvo le violazioni delle regole della casa in ciò che vi hanno scritto."})
	d.say(Text{"Because it keeps who wrote what and when, and whoever runs the server could reach that, the parties treat it as a tool from which the possibility of remote control may also derive, and do not rely on the exemption of article 4(2).", "Poiché conserva chi ha scritto che cosa e quando, e chi gestisce il server potrebbe raggiungerlo, le parti lo trattano come strumento dal quale può derivare anche la possibilità di controllo a distanza, e non si avvalgono dell'esenzione dell'articolo 4, comma 2."})
	d.head(Text{"What the tool cannot do", "Che cosa lo strumento non può fare"})
	d.items(true, never...)
	d.say(Text{"There is no setting that changes this. Should a later version bring one, it is not used without a new agreement.", "Nessuna impostazione cambia tutto questo. Se una versione futura ne introducesse una, non sarà usata senza un nuovo accordo."})
	d.head(Text{"What is kept", "Che cosa si conserva"})
	d.data(f, false)
	d.head(Text{"Figures", "Statistiche"})
	d.say(gateText)
	d.measures()
	d.say(Text{"Figures are given out as numbered releases that never change. HR makes them; every attempt stands in the audit log; the works council reads the same list and the same files, and everybody reads of how many they were part.", "Le statistiche escono come esportazioni numerate che non cambiano mai. Le fa HR; ogni tentativo resta nel registro di controllo; la rappresentanza dei lavoratori legge lo stesso elenco e gli stessi file, e ognuno legge di quanti ha fatto parte."})
	d.head(Text{"Logs", "Registri"})
	d.items(true, logTexts(f)...)
	d.head(Text{"What the representatives may do", "Che cosa può fare la rappresentanza"})
	d.items(true,
		Text{"Have somebody with the role “council”, who reads at any time what is collected, every release and these documents.", "Avere qualcuno con il ruolo “rappresentanza”, che legge in ogni momento che cosa si raccoglie, ogni esportazione e questi documenti."},
		Text{"Name an auditor, who reads what administrators, moderators and HR did and looked at, and can prove that nothing was changed in that record.", "Nominare un revisore, che legge che cosa hanno fatto e guardato amministratori, moderatori e HR, e può dimostrare che nel registro nulla è stato cambiato."},
		Text{"Hear of a new version of Convivio, and of a setting that concerns data, ____ days before it is used.", "Sapere di una nuova versione di Convivio, e di un'impostazione che riguarda i dati, ____ giorni prima che sia usata."})
	d.head(Text{"Information of the employees", "Informazione dei dipendenti"})
	d.say(Text{"Every employee finds the notice in the product, and its first page asks them to read it until they say that they did, again whenever it changes (article 4(3)). That somebody did not is held against nobody.", "Ogni dipendente trova l'informativa nel prodotto, e la prima pagina invita a leggerla finché non dice di averlo fatto, di nuovo quando cambia (articolo 4, comma 3). Non averlo fatto non si imputa a nessuno."})
	d.head(Text{"Term", "Durata"})
	d.say(Text{"From ____________ to ____________; reviewed every ____ months. Place, date and signatures:", "Dal ____________ al ____________; verifica ogni ____ mesi. Luogo, data e firme:"},
		Text{"______________________     ______________________", "______________________     ______________________"})
	return *d
}

// logTexts say which logs there are.
func logTexts(f Facts) []Text {
	return []Text{
		{"The server's own log names routes and times, and nobody.", "Il registro tecnico del server nomina percorsi e tempi, e nessuna persona."},
		Text{"The access log (who asked for which kind of page, from which address): %s.", "Il registro degli accessi (chi ha chiesto quale tipo di pagina, da quale indirizzo): %s."}.with(
			lower(tells(board.VisitsDatum, f).until.En), lower(tells(board.VisitsDatum, f).until.It)),
		Text{"The audit log of acts of power (not of work): stays; addresses in it are erased after %s.", "Il registro di controllo degli atti di potere (non del lavoro): resta; gli indirizzi vi sono cancellati dopo %s."}.kept(board.AddressesKept),
	}
}
