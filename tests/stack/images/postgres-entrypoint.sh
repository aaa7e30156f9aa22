#!/bin/bash
# The part of the official entry point that the stack leans on: one database, one user, a password.
set -e
PATH=$(echo /usr/lib/postgresql/*/bin):$PATH
export PATH

if [ "$(id -u)" = 0 ]; then
    chown -R postgres: "$PGDATA" /run/postgresql
    exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    : "${POSTGRES_PASSWORD:?a password is needed}"
    initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s' "$POSTGRES_PASSWORD") \
        --auth-local=trust --auth-host=scram-sha-256 >/dev/null
    echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
    pg_ctl start --wait --silent --options="-c listen_addresses=''"
    createdb --username="$POSTGRES_USER" "${POSTGRES_DB:-$POSTGRES_USER}"
    pg_ctl stop --wait --silent
fi
exec "$@" -c listen_addresses='*'
