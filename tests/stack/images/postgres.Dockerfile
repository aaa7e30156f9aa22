# Stands in for postgres:16-bookworm: Debian's PostgreSQL behind the official image's variables.
FROM stand-in/debian:bookworm
RUN groupadd --system --gid 999 postgres \
    && useradd --system --uid 999 --gid postgres --home-dir /var/lib/postgresql postgres \
    && apt-get update -qq \
    && apt-get install -qq --yes --no-install-recommends postgresql postgresql-client >/dev/null \
    && rm -rf /var/lib/apt/lists/* \
    && install --directory --owner postgres --group postgres /var/lib/postgresql/data /run/postgresql
COPY postgres-entrypoint.sh /usr/local/bin/docker-entrypoint.sh
ENV PGDATA=/var/lib/postgresql/data
VOLUME ["/var/lib/postgresql/data"]
ENTRYPOINT ["docker-entrypoint.sh"]
STOPSIGNAL SIGINT
CMD ["postgres"]
