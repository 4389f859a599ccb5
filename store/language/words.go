package language

import (
	"cmp"
	"slices"
	"strings"
)

// The languages, as bits of a mask.
const (
	it = iota
	en
	de
	fr
	es
	languages
)

var codes = [languages]string{"it", "en", "de", "fr", "es"}

// Scores that a language has to reach: one small word that it alone has, three
// for the languages that are less expected.
const (
	minScore   = 2
	minForeign = 6
)

// smallWords are the words that sentences cannot do without.
var smallWords = table(map[int]string{
	it: `a in su per me te il lo la i gli le un uno una di del dello della dei degli delle al allo alla ai agli alle dal dallo dalla
		dai dagli dalle nel nello nella nei negli nelle sul sullo sulla sui sugli sulle con per tra fra e ed o
		ma se che chi cui non più piu anche è sono sei siamo ha ho hai abbiamo hanno era erano essere avere fare
		fatto questo questa questi queste quello quella quelli quelle come quando dove perché perche già gia
		molto molti poco ogni tutti tutto tutta tutte qui ci si mi ti vi ne noi voi loro suo sua nostro nostra
		nostri proprio senza dopo prima sempre mai ancora solo può puo possiamo vorrei dovrebbe sarebbe stato
		stata grazie ciao così cosi cosa altro altri quindi invece però pero oppure anzi almeno ecco va`,
	en: `the a an of to in on at by for with from and or but if that which who not is are was were be been being
		have has had do does did this these those it its they them their there here we us our you your he she
		his her my i me as so than then when where why how what all any some no more most much many can could
		should would will shall may might must about into over after before only also just very thanks hello
		please let's it's don't we're i'm isn't doesn't can't they're`,
	de: `der die das den dem des ein eine einen einem einer und oder aber wenn dass daß nicht ist sind war waren
		sein haben hat hatte werden wird wurde wir ihr sie ich du er es mit von zu zum zur auf für im in am an
		aus bei nach über unter auch noch nur schon sehr mehr kein keine wie was wer wo warum diese dieser
		dieses soll sollte sollten muss müssen kann können man als so bitte danke`,
	fr: `le la les un une des du de au aux et ou mais si que qui dont ne pas plus est sont était être avoir a ont
		nous vous ils elles je tu il elle on ce cet cette ces mon ma mes son sa ses notre nos votre vos leur
		leurs dans sur sous avec sans pour par chez entre après avant très trop tout tous toute toutes même
		aussi comme quand où pourquoi faut fait merci bonjour y en`,
	es: `el la los las un una unos unas de del al y o pero si que quien no más es son está están era ser estar
		haber hay ha han nosotros ellos yo tú él ella se lo le les me te nos su sus mi mis nuestro nuestra este
		esta estos estas ese esa eso en con sin por para entre sobre hasta desde muy mucho muchos todo todos
		toda todas también como cuando donde porque qué ya debe deben puede gracias hola`,
})

// elided are the short words that drop their vowel before an apostrophe.
var elided = table(map[int]string{
	it: `l un d c s m t v dell all dall nell sull quest quell anch com dov quand sant bell nessun qualcun`,
	fr: `l d c s m t j n qu jusqu lorsqu puisqu`,
})

// endings speak, more softly, for a language when no small word does. The longer come first.
var endings = func() (list []ending) {
	for end, mask := range table(map[int]string{
		it: `zione zioni mente ità aggio iamo iere oggi ezza tico tica tore tori enza enze`,
		en: `tion tions ing ness ould ight ly ment ments ed`,
		de: `ung ungen keit heit lich isch schaft`,
		fr: `eux ment tion tions eur eurs aux`,
		es: `ción ciones dad mente ando iendo ería`,
	}) {
		list = append(list, ending{end, mask})
	}
	slices.SortFunc(list, func(a, b ending) int {
		return cmp.Or(cmp.Compare(len(b.end), len(a.end)), cmp.Compare(a.end, b.end))
	})
	return list
}()

type ending struct {
	end  string
	mask uint8
}

func table(lists map[int]string) map[string]uint8 {
	t := map[string]uint8{}
	for l, list := range lists {
		for word := range strings.FieldsSeq(list) {
			t[word] |= 1 << l
		}
	}
	return t
}
