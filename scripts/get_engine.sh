#!/bin/sh
# Install Debian's Docker engine for the tests of the stack, if we may.
set -e
for needed in docker docker-compose dockerd debootstrap; do
    command -v $needed >/dev/null || missing="$missing $needed"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Engine for the tests of the stack: installing Debian's docker.io, about a minute"
    { apt-get update --quiet --quiet && apt-get install --quiet --quiet --yes \
        --no-install-recommends debootstrap docker.io docker-compose iptables; } >/dev/null 2>&1 || true
fi
