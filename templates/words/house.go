package words

// HouseRules are the house rules that come with Convivio, in Markdown: what
// administrators begin with, and people read where they wrote none.
func HouseRules(lang string) string {
	if lang == "it" {
		return houseIt
	}
	return houseEn
}

const houseEn = `Here colleagues think together about how to do things better. These few rules keep that possible; they hold for everybody, whatever their job.

# What we ask of each other

- **Talk about the matter.** Any idea may be questioned, nobody is to be belittled. Disagree with what was said, not with who said it.
- **Assume good will.** What sounds harsh is often just short. Ask before you judge.
- **Leave out what is personal or confidential.** No health, family or pay of anybody; no customer data, prices or secrets that do not belong in this circle.
- **Stay on the subject.** Something else is worth an idea of its own.
- **Look first whether the idea is here already.** Add what you know there: it counts for more together.
- **No advertising.** Links help where they explain something.
- **No insults, no harassment, no discrimination.** Never.
- **Is somebody in danger, or is a law being broken?** Report it: it goes straight to the person in charge, and nobody learns who reported.

# If something is not right

Every idea and comment has *Report*. Nobody learns who reported it. A moderator looks at it and decides, always with a reason.

Whoever is concerned is told what was decided about which words and why, and may appeal, once. The appeal is heard by **somebody else** than who decided. If they agree, everything is as it was before.

Moderators follow the same rules. What they did is counted in public, without names.`

const houseIt = `Qui si ragiona insieme, tra colleghe e colleghi, su come fare meglio le cose. Queste poche regole servono a poterlo fare: valgono per tutti, qualunque sia il loro lavoro.

# Che cosa ci chiediamo a vicenda

- **Parla della cosa, non della persona.** Ogni idea si può discutere, nessuno va sminuito. Si contesta quello che è stato detto, non chi l'ha detto.
- **Presumi la buona fede.** Quello che suona brusco spesso è solo breve. Chiedi, prima di giudicare.
- **Lascia fuori ciò che è personale o riservato.** Niente salute, famiglia o stipendi di nessuno; niente dati di clienti, prezzi o segreti che non appartengono a questa cerchia.
- **Resta sul tema.** Un'altra cosa merita un'idea tutta sua.
- **Guarda prima se l'idea c'è già.** Aggiungi lì quello che sai: insieme conta di più.
- **Niente pubblicità.** Un link va bene quando spiega qualcosa.
- **Niente insulti, molestie o discriminazioni.** Mai.
- **Qualcuno è in pericolo, o si viola la legge?** Segnalalo: arriva subito alla persona incaricata, e nessuno saprà chi ha segnalato.

# Se qualcosa non va

Ogni idea e ogni commento ha *Segnala*. Nessuno viene a sapere chi ha segnalato. Un moderatore guarda e decide, sempre con un motivo.

La persona interessata viene a sapere che cosa è stato deciso, su quali parole e perché, e può fare ricorso, una volta. Il ricorso lo esamina **qualcun altro**, non chi ha deciso. Se le dà ragione, tutto torna com'era prima.

Chi modera segue le stesse regole. Quello che fa viene contato in pubblico, senza nomi.`
