#!/bin/sh
# Make .venv with the Python given; Debian keeps the module that does it in a package of its own.
set -e
python="$1"

if [ -z "$python" ] || ! "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))'; then
    echo "Python 3.11 is needed: install it, or name it with \`make PYTHON=/path/to/python3.11\`." >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if [ "$(id -u)" != 0 ]; then
        echo "Python's venv is missing: run \`sudo apt-get install python3.11-venv\` once." >&2
        exit 1
    fi
    echo "  installing python3.11-venv"
    apt-get install --quiet --quiet --yes python3.11-venv >/dev/null 2>&1 || {
        apt-get update --quiet --quiet
        apt-get install --quiet --quiet --yes python3.11-venv >/dev/null
    }
fi
"$python" -m venv .venv
