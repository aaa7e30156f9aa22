#!/bin/sh
# Install Debian's chromium for the tests that look at the report, if we may.
set -e
command -v chromium >/dev/null && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Browser for the tests: installing chromium, about a minute"
    if { apt-get update --quiet --quiet && apt-get install --quiet --quiet --yes \
        --no-install-recommends chromium; } >/dev/null 2>&1; then
        exit 0
    fi
fi
echo "There is no chromium here, so the tests in a browser are skipped: \`apt-get install chromium\`."
