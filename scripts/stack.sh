#!/bin/bash
# What `make up`, `make down` and the others do with docker-compose.yml.
set -euo pipefail
cd "$(dirname "$0")/.."

IMAGE=marketing-warehouse
PATIENCE_SECONDS=${PATIENCE_SECONDS:-600}

if docker compose version >/dev/null 2>&1; then compose=(docker compose); else compose=(docker-compose); fi
env_file=${ENV_FILE:-.env}

compose() { "${compose[@]}" --env-file "$env_file" "$@"; }

fail() { echo "$1" >&2; exit 1; }

setting() { sed -n "s/^$1=//p" "$env_file" | tail -n 1; }

# Fill in what is empty among the secrets; what is there stays.
secrets() {
    [ -e "$env_file" ] || { cp .env.example "$env_file"; echo "Made $env_file"; }
    chmod 600 "$env_file"
    local name value
    for name in POSTGRES_PASSWORD REDIS_PASSWORD AIRFLOW_JWT_SECRET AIRFLOW_FERNET_KEY REPORT_COOKIE_SECRET; do
        [ -z "$(setting $name)" ] || continue
        case $name in
            AIRFLOW_FERNET_KEY) value=$(openssl rand -base64 32 | tr '+/' '-_') ;;
            *) value=$(openssl rand -hex 32) ;;
        esac
        sed -i "s|^$name=\$|$name=$value|" "$env_file"
        echo "Made $name"
    done
}

build() { # TAG
    export VERSION REVISION EXTRA_CERTIFICATES WAREHOUSE_TAG=$1
    VERSION=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
    REVISION=${REVISION:-$(git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)}
    EXTRA_CERTIFICATES=$([ -z "${CERTIFICATES_FILE:-}" ] || cat "$CERTIFICATES_FILE")
    compose build report
    unset WAREHOUSE_TAG
}

image_id() { docker image inspect --format '{{.Id}}' "$IMAGE:$1" 2>/dev/null || true; }

homes() { # the containers' user writes there
    local folder
    for folder in "$(setting HOMES)" "$(setting BACKUPS)"; do
        mkdir -p "$folder"
        [ "$(id -u)" != 0 ] || [ "$(stat -c %u "$folder")" = 10001 ] || chown 10001:10001 "$folder"
    done
}

start() {
    homes
    # Version 1 of compose waits for ever for what ends badly.
    timeout "$PATIENCE_SECONDS" "${compose[@]}" --env-file "$env_file" up --detach --remove-orphans --no-build \
        || fail "The stack does not come up: \`make logs\` says why."
    wait_until_healthy
}

wait_until_healthy() {
    local deadline=$((SECONDS + PATIENCE_SECONDS)) ill id
    while :; do
        ill=
        for id in $(compose ps --quiet); do
            ill+=$(docker inspect --format '{{if .State.Health}}{{if ne .State.Health.Status "healthy"}}{{.Name}} is {{.State.Health.Status}}. {{end}}{{else if and (not .State.Running) .State.ExitCode}}{{.Name}} ended with {{.State.ExitCode}}. {{end}}' "$id" 2>/dev/null || echo "$id is gone. ")
        done
        [ -n "$ill" ] || { echo "All is healthy."; return; }
        [ $SECONDS -lt $deadline ] || fail "Not all is healthy after $PATIENCE_SECONDS seconds: $ill"
        sleep 3
    done
}

up() {
    [ -e "$env_file" ] || fail "There is no $env_file: run \`make secrets\`, then look through it."
    compose config --quiet
    [ -n "$(image_id current)" ] || build current
    start
}

# Build first: what fails here changes nothing that runs.
upgrade() {
    build next
    if [ "$(image_id next)" = "$(image_id current)" ]; then
        echo "The image that runs is up to date."
    else
        backup
        docker tag "$IMAGE:current" "$IMAGE:previous"
        docker tag "$IMAGE:next" "$IMAGE:current"
    fi
    docker rmi "$IMAGE:next" >/dev/null
    start
}

rollback() {
    [ -n "$(image_id previous)" ] || fail "There is no previous image to go back to."
    local was is
    was=$(airflow_version previous)
    is=$(airflow_version current)
    # An older Airflow cannot read newer metadata: the newer one takes it back first.
    [ "$was" = "$is" ] || compose run --rm airflow-init airflow db downgrade --to-version "$was" --yes
    docker tag "$IMAGE:current" "$IMAGE:next"
    docker tag "$IMAGE:previous" "$IMAGE:current"
    docker tag "$IMAGE:next" "$IMAGE:previous"
    docker rmi "$IMAGE:next" >/dev/null
    start
}

airflow_version() {
    docker run --rm --entrypoint python "$IMAGE:$1" -c \
        'from importlib.metadata import version; print(version("apache-airflow-core"))'
}

# Airflow's database, and each home while nobody writes to it.
backup() {
    homes
    local stamp folder
    stamp=$(date --utc +%Y%m%dT%H%M%SZ)
    folder=$(setting BACKUPS)/$stamp
    compose run --rm --no-deps warehouse python -m server.backup "$stamp"
    compose exec -T postgres pg_dump --host /run/postgresql --username airflow --format custom airflow \
        > "$folder/airflow.dump.unfinished"
    mv "$folder/airflow.dump.unfinished" "$folder/airflow.dump"
    echo "Backed up to $folder"
}

business() {
    [ -n "${NAME:-}" ] || fail "Say which: make business NAME=shop"
    homes
    compose run --rm --no-deps warehouse warehouse init "/homes/$NAME"
}

airflow_user() {
    [ -n "${NAME:-}" ] && [ -n "${ROLE:-}" ] || fail "Say who: make airflow-user NAME=maria ROLE=Admin"
    local password=()
    [ -z "${PASSWORD:-}" ] || password=(--password "$PASSWORD")
    compose run --rm airflow-init airflow users create --username "$NAME" --role "$ROLE" \
        --firstname "$NAME" --lastname - --email "${EMAIL:-$NAME@localhost}" "${password[@]}"
}

case ${1:-} in
    secrets | up | upgrade | rollback | backup | business) "$1" ;;
    build) build current ;;
    airflow-user) airflow_user ;;
    down) compose --profile celery --profile tls --profile tools down --remove-orphans ;;
    logs) compose logs --follow --tail 100 ;;
    *) fail "usage: $0 secrets | up | down | logs | upgrade | rollback | backup | business | airflow-user" ;;
esac
