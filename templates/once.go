package templates

import (
	"bytes"
	"context"
	"sync"

	"github.com/a-h/templ"
)

var renderedOnce sync.Map

// once renders a component the first time it is asked for, and gives the same
// bytes ever after. key names all that the component depends on, and takes few values.
func once(key any, c templ.Component) templ.Component {
	if kept, ok := renderedOnce.Load(key); ok {
		return kept.(templ.Component)
	}
	var b bytes.Buffer
	if err := c.Render(context.Background(), &b); err != nil {
		return c
	}
	kept, _ := renderedOnce.LoadOrStore(key, templ.Raw(b.String()))
	return kept.(templ.Component)
}

// composing is where a page being rendered notes that it has a composer.
type composing struct{}

// WatchComposers makes a context to render a page with: afterwards has tells
// whether there is a composer on it, whose pictures come from the browser's own
// memory. Looking for one in the page's bytes costs a tenth of serving them.
func WatchComposers(ctx context.Context) (watched context.Context, has *bool) {
	has = new(bool)
	return context.WithValue(ctx, composing{}, has), has
}

func noteComposer(ctx context.Context) {
	if has, ok := ctx.Value(composing{}).(*bool); ok {
		*has = true
	}
}
