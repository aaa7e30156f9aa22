# One image for every service: Airflow, its workers, the report, the command line.
#
#   docker build --tag marketing-warehouse .
#
# Behind a company's proxy, what differs comes by build arguments and leaves no trace in the image:
#   --build-arg BASE=mirror.example.com/python:3.11-slim-bookworm
#   --build-arg PIP_INDEX_URL=https://mirror.example.com/simple
#   --build-arg EXTRA_CERTIFICATES="$(cat company-ca.pem)"

ARG BASE=python:3.11-slim-bookworm

# ---------------------------------------------------------------- everything locked, in /opt/venv
FROM ${BASE} AS build
ARG PIP_INDEX_URL
ARG EXTRA_CERTIFICATES
ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PYTHONDONTWRITEBYTECODE=1
RUN printf '%s\n' "${EXTRA_CERTIFICATES}" >> "$PIP_CERT" \
    && python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY requirements.lock /build/
RUN python -m pip install --require-hashes --no-deps --no-compile --progress-bar off \
        --requirement /build/requirements.lock \
    # Tools of the tests, a quarter of a gigabyte, that nothing on a server imports.
    && python -m pip uninstall --yes --quiet axe-playwright-python hypothesis moto mypy playwright \
        pytest pytest-timeout pytest-xdist ruff sqlfluff \
    && python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/venv/lib

# ---------------------------------------------------------------- what runs
FROM ${BASE}
# The same number on every machine, so that volumes can be shared. Folders that become volumes
# belong to it; nothing else does.
RUN groupadd --gid 10001 warehouse \
    && useradd --uid 10001 --gid warehouse --no-create-home --home-dir /tmp warehouse \
    && install --directory --owner warehouse --group warehouse --mode 0750 \
        /backups /doors /homes /logs /opt/airflow
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    AIRFLOW_HOME=/opt/airflow \
    WAREHOUSE_HOMES=/homes
COPY . /opt/warehouse
RUN python -m pip install --no-deps --no-build-isolation --no-cache-dir --quiet \
        --disable-pip-version-check --editable /opt/warehouse \
    && python -m compileall -q -j 0 --invalidation-mode checked-hash /opt/warehouse
WORKDIR /opt/warehouse
USER 10001:10001
CMD ["warehouse", "--help"]
# Last, so that a new revision alone makes no layer anew.
ARG VERSION=unversioned
ARG REVISION=unknown
LABEL org.opencontainers.image.title="marketing-warehouse" \
      org.opencontainers.image.description="What attracting, selling and keeping customers costs and brings" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0"
