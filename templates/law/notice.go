package law

// NoticeVersion numbers the notice. It grows when the notice says something else
// to people: who has read an older one is asked to read it again. A test holds the
// text to the number.
const NoticeVersion = 1

// notice is the information for employees (GDPR, article 13; article 1-bis of
// legislative decree 152/1997).
func notice(lang string, f Facts) Document {
	d := begin(Notice, lang, Text{"What Convivio knows about you", "Che cosa sa Convivio di te"},
		Text{"Information on personal data under article 13 of Regulation (EU) 2016/679 (GDPR), article 4(3) of law 300/1970 and article 1-bis of legislative decree 152/1997 (104/2022). Version %d.", "Informativa sui dati personali ai sensi dell'articolo 13 del regolamento (UE) 2016/679 (GDPR), dell'articolo 4, comma 3, della legge 300/1970 e dell'articolo 1-bis del decreto legislativo 152/1997 (104/2022). Versione %d."}.with(NoticeVersion, NoticeVersion))
	d.head(Text{"In short", "In breve"})
	d.items(false, never...)
	d.head(Text{"Who is responsible", "Chi ne è responsabile"})
	d.say(Text{"Your employer, which runs Convivio on its own server, is the controller; guests find its name in their invitation. Its contacts, and those of the data protection officer where there is one, are those of the company's general privacy notice.", "Titolare del trattamento è il tuo datore di lavoro, che gestisce Convivio su un proprio server; gli ospiti ne trovano il nome nell'invito. I suoi recapiti, e quelli del responsabile della protezione dei dati se c'è, sono quelli dell'informativa generale dell'azienda."})
	d.head(Text{"What is kept, what for, and how long", "Che cosa si conserva, a che scopo e per quanto"})
	d.data(f, false)
	d.say(Text{"Grounds: the legitimate interest of company and employees in hearing each other, and in security; duties of accountability. Consent is not asked for, because between employer and employee it would hardly be free. You must give nothing but what it takes to sign in: taking part is up to you, and nobody is counted for not doing so.", "Basi giuridiche: il legittimo interesse dell'azienda e dei dipendenti ad ascoltarsi, e alla sicurezza; doveri di responsabilizzazione. Non si chiede il consenso, perché tra datore di lavoro e dipendente difficilmente sarebbe libero. Devi fornire solo ciò che serve per entrare: partecipare sta a te, e a nessuno si conta il non farlo."})
	d.head(Text{"Who receives it", "Chi li riceve"})
	d.say(Text{"Colleagues and guests read what you write where they may read it. HR and the works council see figures of groups, never of persons. Who runs the server can reach its files, and is bound to secrecy. Nobody else receives anything, and nothing is transferred to third countries, unless the company hands parts of the running to others: then the general notice says so.", "Colleghi e ospiti leggono ciò che scrivi dove possono leggerlo. HR e rappresentanza dei lavoratori vedono statistiche di gruppi, mai di persone. Chi gestisce il server può raggiungerne i file, ed è tenuto al riserbo. Nessun altro riceve nulla, e nulla va in paesi terzi, salvo che l'azienda affidi ad altri parte della gestione: allora lo dice l'informativa generale."})
	d.head(Text{"No automated decisions, no monitoring", "Nessuna decisione automatizzata, nessun monitoraggio"})
	d.say(Text{"Convivio has no fully automated decision-making or monitoring system in the sense of article 1-bis of legislative decree 152/1997: the program sorts ideas by what people do with them, and a rule may let a post wait for a moderator; people decide. It makes no score of a person and infers no emotion (Regulation (EU) 2024/1689, article 5(1)(f)).", "Convivio non contiene sistemi decisionali o di monitoraggio integralmente automatizzati ai sensi dell'articolo 1-bis del decreto legislativo 152/1997: il programma ordina le idee secondo ciò che ne fanno le persone, e una regola può far attendere un intervento fino a un moderatore; a decidere sono persone. Non dà punteggi alle persone e non deduce emozioni (regolamento (UE) 2024/1689, articolo 5, paragrafo 1, lettera f)."})
	d.head(Text{"Your rights", "I tuoi diritti"})
	d.items(false,
		Text{"Access, and a copy; rectification; erasure; restriction (GDPR, articles 15 to 18): ask the controller.", "Accesso, e una copia; rettifica; cancellazione; limitazione (GDPR, articoli da 15 a 18): chiedi al titolare."},
		Text{"You edit and delete your own words, votes and reactions yourself, at once.", "Le tue parole, i tuoi voti e le tue reazioni li modifichi ed elimini da te, subito."},
		Text{"Objection (article 21): on your account page you leave the figures with one click; for anything else ask the controller.", "Opposizione (articolo 21): nella pagina del tuo account esci dalle statistiche con un clic; per il resto chiedi al titolare."},
		Text{"Complaint to the Garante per la protezione dei dati personali (garanteprivacy.it), or to the authority where you live.", "Reclamo al Garante per la protezione dei dati personali (garanteprivacy.it), o all'autorità del luogo in cui vivi."})
	return *d
}
