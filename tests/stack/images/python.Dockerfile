# Stands in for python:3.11-slim-bookworm: Debian's own Python 3.11 under the official names.
FROM stand-in/debian:bookworm
RUN apt-get update -qq \
    && apt-get install -qq --yes --no-install-recommends \
        ca-certificates netbase python3.11-minimal python3.11-venv tzdata >/dev/null \
    && ln -s /usr/bin/python3.11 /usr/local/bin/python \
    && ln -s /usr/bin/python3.11 /usr/local/bin/python3 \
    && rm -rf /var/lib/apt/lists/*
CMD ["python3"]
