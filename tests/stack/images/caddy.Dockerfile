# Stands in for caddy:2: Debian's Caddy.
FROM stand-in/debian:bookworm
RUN apt-get update -qq \
    && apt-get install -qq --yes --no-install-recommends caddy ca-certificates wget >/dev/null \
    && rm -rf /var/lib/apt/lists/*
ENV XDG_CONFIG_HOME=/config XDG_DATA_HOME=/data
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
