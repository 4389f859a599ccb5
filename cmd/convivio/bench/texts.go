package bench

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
)

// The texts are made up, the same in every run, and shaped like what colleagues
// write: short for the most part, in Italian with some English, a few words in
// nearly every text and many words in few, a list or some emphasis now and then.

// texts makes titles, bodies and queries from one seed.
type texts struct {
	random *rand.Rand
}

func newTexts(seed uint64) *texts {
	return &texts{rand.New(rand.NewPCG(seed, 2))} // #nosec G404 -- no secret: the same texts every time
}

// tongue is the words of one language, the most frequent first.
type tongue struct {
	starts, links, nouns, verbs, qualities []string
}

var italian = tongue{
	starts: strings.Split("secondo me|da noi|credo che|nel nostro reparto|la settimana scorsa|per chi fa i turni|"+
		"sono d'accordo,|non sono convinto:|in magazzino|parlando con i colleghi|come prima cosa|a dire il vero|"+
		"basterebbe poco:|l'anno scorso|dal lato pratico|in amministrazione|dopo la riunione|per i clienti|una domanda:|"+
		"proporrei di partire da qui:", "|"),
	links: strings.Split("con|per|senza|durante|dopo|prima della|insieme a|al posto di|oltre a|contro|vicino a|sotto", "|"),
	nouns: strings.Fields("riunione turno ufficio progetto orario collega mensa parcheggio magazzino cliente formazione " +
		"smartworking ferie navetta bicicletta stampante badge permesso calendario sicurezza spogliatoio fornitore consegna " +
		"imballaggio reparto capoturno linea macchina manutenzione guasto ricambio procedura modulo firma archivio scansione " +
		"fattura ordine preventivo listino sconto catalogo campione reso reclamo assistenza telefono posta videochiamata " +
		"cuffie schermo scrivania sedia lampada riscaldamento finestra tenda rumore pausa caffè distributore acqua borraccia " +
		"rifiuti raccolta plastica carta energia pannelli consumo bolletta risparmio budget spesa trasferta rimborso nota " +
		"viaggio treno auto furgone carburante colonnina ricarica corso docente aula certificato lingua inglese excel " +
		"gestionale password accesso server backup cartella versione aggiornamento errore schermata segnalazione sondaggio " +
		"bacheca intranet newsletter evento festa torneo volontariato asilo genitori medico visita infortunio casco guanti " +
		"scarpe divisa armadietto doccia palestra convenzione buono premio stipendio contratto sindacato assemblea"),
	verbs: strings.Split("si potrebbe provare|funziona bene|non risolve|farebbe risparmiare tempo|costa più del previsto|"+
		"aiuterebbe soprattutto|manca da mesi|andrebbe spiegato meglio|è già successo|si blocca ogni lunedì|va prenotato prima|"+
		"si può misurare|resta sempre vuoto|arriva tardi|lo usano in pochi|è la cosa che chiedono tutti|vale la pena|"+
		"rischia di pesare|serve una prova di tre mesi|si capisce subito", "|"),
	qualities: strings.Fields("nuovo condiviso flessibile gratuito comune digitale settimanale leggero chiaro sicuro veloce " +
		"pratico vecchio rumoroso costoso utile mensile unico separato automatico"),
}

var english = tongue{
	starts: strings.Split("in our team|I think|last month|from what customers tell us|to be fair,|one question:|"+
		"we tried this before:|for the night shift|from a practical point of view|as a first step|on the second floor|"+
		"I would rather start small:", "|"),
	links: strings.Split("with|for|without|during|after|before the|together with|instead of|on top of|against|near|under", "|"),
	nouns: strings.Fields("meeting shift office project schedule colleague canteen parking warehouse customer training " +
		"remote holiday shuttle bicycle printer badge request calendar safety supplier delivery packaging department line " +
		"machine maintenance spare procedure form signature archive invoice order quote discount catalogue sample return " +
		"complaint support phone mail headset screen desk chair lamp heating window noise break coffee water recycling paper " +
		"energy panel budget expense travel refund train car van charger course teacher classroom certificate language " +
		"spreadsheet password login server backup folder release update error screenshot survey board newsletter event " +
		"volunteering nursery parents doctor injury helmet gloves shoes uniform locker gym voucher bonus salary contract"),
	verbs: strings.Split("would be worth a try|works well for us|does not solve it|would save time|costs more than planned|"+
		"would help most|has been missing for months|should be explained better|happened before|gets stuck every Monday|"+
		"has to be booked earlier|can be measured|stays empty|comes too late|is used by few people|is what everyone asks for|"+
		"is understood at once", "|"),
	qualities: strings.Fields("new shared flexible free common digital weekly light clear safe quick practical old noisy " +
		"expensive useful monthly single separate automatic"),
}

// tongue chooses a language: one text in five is English.
func (t *texts) tongue() tongue {
	if t.random.IntN(5) == 0 {
		return english
	}
	return italian
}

// pick chooses a word so that the first of a list are far more frequent than the last.
func (t *texts) pick(words []string) string {
	return words[int(float64(len(words))*math.Pow(t.random.Float64(), 2.2))]
}

// rare makes a word that few texts share: a part number, a place, a name.
func (t *texts) rare() string {
	const heads, middles, tails = "b c d f g l m n p r s t v z br cr dr gr st tr", "a e i o u ai ia", "llo nna rdi sso tti vera zzo ni"
	one := func(list string) string {
		words := strings.Fields(list)
		return words[t.random.IntN(len(words))]
	}
	switch t.random.IntN(3) {
	case 0:
		return fmt.Sprintf("%c%c-%d", 'A'+t.random.IntN(26), 'A'+t.random.IntN(26), 100+t.random.IntN(9900))
	case 1:
		return strings.ToUpper(one(heads)) + one(middles) + one(tails)
	}
	return one(heads) + one(middles) + one(heads) + one(middles) + one(tails)
}

func (t *texts) noun(l tongue) string {
	switch t.random.IntN(12) {
	case 0:
		return t.rare()
	case 1, 2, 3:
		return t.pick(l.nouns) + " " + t.pick(l.qualities)
	}
	return t.pick(l.nouns)
}

func (t *texts) sentence(l tongue) string {
	s := t.pick(l.starts) + " " + t.noun(l) + " " + t.pick(l.verbs) + " " + t.pick(l.links) + " " + t.noun(l)
	if t.random.IntN(3) == 0 {
		s += ", " + t.pick(l.links) + " " + t.noun(l)
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

// title is the title of an idea.
func (t *texts) title() string {
	l := t.tongue()
	s := t.noun(l) + " " + t.pick(l.links) + " " + t.noun(l) + ": " + t.pick(l.verbs)
	return strings.ToUpper(s[:1]) + s[1:]
}

// comment is the Markdown of a comment: half have three sentences or fewer, one
// in ten has ten or more.
func (t *texts) comment() string {
	l := t.tongue()
	return t.paragraph(l, 1+int(12*math.Pow(t.random.Float64(), 2.2))) + t.extra(l)
}

// idea is the Markdown of an idea.
func (t *texts) idea() string {
	l := t.tongue()
	return t.paragraph(l, 3+t.random.IntN(4)) + "\n\n" + t.paragraph(l, 2+t.random.IntN(3)) + t.extra(l)
}

func (t *texts) paragraph(l tongue, sentences int) string {
	out := make([]string, sentences)
	for i := range out {
		out[i] = t.sentence(l)
	}
	return strings.Join(out, " ")
}

// extra is what some texts have besides paragraphs.
func (t *texts) extra(l tongue) string {
	switch t.random.IntN(10) {
	case 0:
		return "\n\n- " + t.sentence(l) + "\n- " + t.sentence(l) + "\n- **" + t.noun(l) + "**"
	case 1:
		return "\n\n> " + t.sentence(l) + "\n\n" + t.sentence(l)
	case 2:
		return fmt.Sprintf(" (#%d, **%s**)", 1+t.random.IntN(200), t.noun(l))
	}
	return ""
}

// query is two words of one language, as somebody would look for them.
func (t *texts) query() string {
	l := t.tongue()
	for {
		first, second := t.pick(l.nouns), l.nouns[t.random.IntN(len(l.nouns))]
		if first != second {
			return first + " " + second
		}
	}
}

// name is a person's name; the same number has always the same.
func name(n int) string {
	firsts := strings.Fields("Marta Luca Giulia Paolo Anna Davide Sara Marco Elena Andrea Chiara Matteo Laura Fabio Silvia " +
		"Giorgio Irene Stefano Nadia Omar Sofia Pietro Alice Dario Teresa Ivan Monica Bruno Clara Tommaso")
	lasts := strings.Fields("Riva Conti Ferri Galli Marini Costa Fontana Serra Vitale Longo Gatti Leone Bassi Rota Sala " +
		"Pini Corti Moro Villa Testa Neri Grasso Orsi Monti Rossetti Barbieri Colombo Santoro Mancini Greco Fabbri Donati Pozzi Lodi")
	return firsts[n%len(firsts)] + " " + lasts[n/len(firsts)%len(lasts)]
}
