#!/bin/sh
# Makes sure of the programs that the browser tests take from the system, and of Java when `java` is asked
# for, which the audit takes. As root on Debian it installs what is missing; anyone else is told what to
# install. CHROMIUM names a browser that stands elsewhere.
set -eu
missing=
command -v node >/dev/null 2>&1 || missing="$missing nodejs"
command -v npm >/dev/null 2>&1 || missing="$missing npm"
command -v "${CHROMIUM:-/usr/bin/chromium}" >/dev/null 2>&1 || missing="$missing chromium"
if [ "${1:-}" = java ]; then
    command -v java >/dev/null 2>&1 || missing="$missing default-jre-headless"
fi
if [ -n "$missing" ]; then
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
        echo "The browser tests need:$missing" >&2
        echo "On Debian:  sudo apt-get install$missing" >&2
        echo "A Chromium that is not /usr/bin/chromium is named by CHROMIUM=/path/to/it." >&2
        exit 1
    fi
    apt-get update -qq
    # shellcheck disable=SC2086 # one word per package
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
fi
node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' || {
    echo "The browser tests need Node.js 18 or newer; this is $(node --version)." >&2
    exit 1
}
