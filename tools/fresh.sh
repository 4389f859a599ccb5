#!/bin/sh
# Generates the templates again and fails if that changes anything: what is committed is then not what
# the .templ files say. Compares files, not commits, so it also works on a tree with changes in it.
set -eu
listing() { find templates -name '*_templ.go' -exec cksum {} + | sort; }
before=$(listing)
${GO:-go} tool templ generate -path templates -log-level error
after=$(listing)
[ "$before" = "$after" ] && exit 0
echo "Generated templates were not up to date; they are now. Commit these:" >&2
printf '%s\n%s\n' "$before" "$after" | sort | uniq -u | sed 's/^[^ ]* [^ ]* /  /' | sort -u >&2
exit 1
