#!/bin/sh
# Install Debian's PostgreSQL and MariaDB for the tests that read real servers, if we may.
# The tests start servers of their own; the machine's services stay as they are, none is added.
set -e

has_postgresql() {
    command -v postgres >/dev/null || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1
}
has_mariadb() {
    PATH="$PATH:/usr/sbin" command -v mariadbd >/dev/null && command -v my_print_defaults >/dev/null
}

missing=""
has_postgresql || missing="$missing postgresql-15"
has_mariadb || missing="$missing mariadb-server-core mariadb-client-core"
[ -n "$missing" ] || exit 0

# Debian would make a cluster with PostgreSQL and start it, now and with the machine.
settings=/etc/postgresql-common/createcluster.d
without_cluster=$settings/without_cluster.conf
restore() { rm -f $without_cluster; }

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Servers for the tests: installing$missing, about a minute"
    trap restore EXIT
    mkdir -p $settings
    has_postgresql || echo "create_main_cluster = false" >$without_cluster
    # shellcheck disable=SC2086  # a list of packages
    if { apt-get update --quiet --quiet && DEBIAN_FRONTEND=noninteractive apt-get install \
        --quiet --quiet --yes --no-install-recommends $missing; } >/dev/null 2>&1; then
        exit 0
    fi
fi
echo "Not all servers are here, so their tests are skipped: \`apt-get install$missing\`."
