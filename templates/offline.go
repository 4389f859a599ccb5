package templates

import "convivio/static"

// OfflinePage is shown without a connection where there is no copy of a page. It
// is nobody's: Page has a language and nothing else.
type OfflinePage struct {
	Page
}

// The colours of the browser's own bars, as tokens.css has them.
var lightPaper, darkPaper = static.Colour("paper")
