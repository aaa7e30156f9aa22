# Stands in for redis:7-bookworm: Debian's Redis.
FROM stand-in/debian:bookworm
RUN groupadd --system --gid 999 redis \
    && useradd --system --uid 999 --gid redis redis \
    && apt-get update -qq \
    && apt-get install -qq --yes --no-install-recommends redis-server >/dev/null \
    && rm -rf /var/lib/apt/lists/* \
    && install --directory --owner redis --group redis /data
WORKDIR /data
VOLUME ["/data"]
USER redis
CMD ["redis-server"]
