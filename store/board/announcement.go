package board

import "time"

// Announcement is a short text at the top of pages, for a time.
type Announcement struct {
	ID    int64
	Board string // slug of the one board whose pages show it; empty: every employee's pages
	Texts map[string]AnnouncementText
	From  time.Time
	Until time.Time
	By    Author
}

// AnnouncementText is what it says in one language.
type AnnouncementText struct{ Body, HTML string }

// In is the text in a language or, where there is none, in another one, and which.
func (a Announcement) In(lang string) (text AnnouncementText, in string) {
	if t, ok := a.Texts[lang]; ok {
		return t, lang
	}
	for in, t := range a.Texts {
		if text.Body == "" || in < lang {
			text, lang = t, in
		}
	}
	return text, lang
}

// NewAnnouncement is what is needed to announce something.
type NewAnnouncement struct {
	Board string
	Texts map[string]string // Markdown by language; one suffices
	From  time.Time         // zero: now
	Until time.Time
}

// MaxAnnouncement is how long an announcement may be, in characters;
// AnnouncementsShown how many stand on a page.
const (
	MaxAnnouncement    = 500
	AnnouncementsShown = 2
)
