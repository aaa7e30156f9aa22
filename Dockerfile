# One image for every service: Airflow, the report, the command line.
#
#   docker build --tag marketing-warehouse .
#
# Behind a company's proxy: --build-arg BASE=..., --build-arg PIP_INDEX_URL=...

ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS build
ARG PIP_INDEX_URL
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY requirements.lock /build/
RUN python -m pip install --require-hashes --no-deps -r /build/requirements.lock

FROM ${BASE}
LABEL org.opencontainers.image.title="marketing-warehouse" \
      org.opencontainers.image.licenses="Apache-2.0"
# The same number on every machine, so that volumes can be shared.
RUN groupadd --gid 10001 warehouse \
    && useradd --uid 10001 --gid warehouse --create-home warehouse \
    && install --directory --owner warehouse --group warehouse \
        /home_of_business /opt/airflow /opt/airflow/auth
COPY --from=build /opt/venv /opt/venv
COPY --chown=root:root . /opt/warehouse
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    AIRFLOW_HOME=/opt/airflow \
    WAREHOUSE_HOME=/home_of_business
RUN python -m pip install --no-deps --no-build-isolation --editable /opt/warehouse
WORKDIR /opt/warehouse
USER warehouse
VOLUME ["/home_of_business"]
CMD ["warehouse", "--help"]
