# make run    builds and starts a demo company on http://localhost:8080
# make test   installs what the tests need and runs all of them
# make lint   what every change is held to besides its tests
# make audit  Lighthouse and the Nu HTML checker over the pages: takes Java and minutes, so no part of make test

GO      ?= go
BINARY  := bin/convivio
SOURCE  := $(shell git describe --tags --always --dirty 2>/dev/null)# the version, which releases of figures name
NODE    := e2e/node_modules/.package-lock.json
AUDIT   := e2e/audit/node_modules/.package-lock.json

.DEFAULT_GOAL := build
.PHONY: run build generate documents lint test test-go test-generated test-browser packages screenshots audit bench clean

run: build
	$(BINARY) serve --demo

build:
	$(GO) build -buildvcs=false -ldflags "-X main.source=$(SOURCE)" -o $(BINARY) ./cmd/convivio

# After a change to a .templ file. The generated Go is committed: a build needs Go and gcc alone.
generate:
	$(GO) tool templ generate -path templates

# After a change to what is kept about people, to a figure, or to the words of either.
documents: build
	for name in notice collected agreement dpia; do $(BINARY) document $$name > docs/$$name.md || exit 1; done

lint:
	$(GO) tool -modfile=tools/go.mod golangci-lint run ./...

test: test-generated test-go test-browser

test-generated:
	GO="$(GO)" tools/fresh.sh

test-go:
	$(GO) test -race -timeout 10m ./...

test-browser: build packages $(NODE)
	cd e2e && npm test --silent

# Every page at two widths, light and dark, Italian and English, into e2e/screenshots.
screenshots: build packages $(NODE)
	cd e2e && npm run --silent screenshots

# How fast and how well made the pages are. On a company of its own; nothing else should run meanwhile.
audit: build $(NODE) $(AUDIT)
	tools/packages.sh java
	cd e2e && npm run --silent audit

packages:
	tools/packages.sh

$(NODE): e2e/package-lock.json | packages
	cd e2e && npm ci --silent
	touch $@

# Its packages come from the lock alone; none of them has anything to install besides.
$(AUDIT): e2e/audit/package-lock.json | packages
	cd e2e/audit && npm ci --silent --ignore-scripts
	touch $@

# With SEARCH=a folder of conversations, search alone, at up to a million posts. SQLite FTS5 is built in for this, to be compared with.
bench:
	$(GO) build -buildvcs=false -tags sqlite_fts5 -o $(BINARY)-bench ./cmd/convivio
	$(BINARY)-bench bench $(if $(SEARCH),--search $(SEARCH)) $(addprefix --judged ,$(wildcard cmd/convivio/testdata/judged.jsonl))

clean:
	rm -rf bin e2e/node_modules e2e/audit/node_modules e2e/test-results e2e/playwright-report e2e/screenshots
