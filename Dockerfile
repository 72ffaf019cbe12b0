# One image for every Kabar process; docker-compose.yml says which one a container runs.
# Nothing here needs BuildKit: the classic builder makes the same image.

FROM python:3.11-slim-bookworm AS builder
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python3 -m venv /opt/kabar
# Dependencies first: a change of code alone then reuses this layer.
COPY requirements.lock /app/
RUN /opt/kabar/bin/pip install --require-hashes -r /app/requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE /app/
COPY workers /app/workers
# Editable, as in a checkout: /app stays where the code is, so /app/config is found next to it.
RUN /opt/kabar/bin/pip install --no-deps --no-build-isolation --editable /app \
 && /opt/kabar/bin/python -m compileall -q /app/workers

FROM python:3.11-slim-bookworm
# A fixed id, so that volumes keep their owner across rebuilds; no shell, no home to write to.
RUN groupadd --gid 10001 kabar \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin kabar \
 && install -d -o 10001 -g 10001 /var/lib/kabar /var/lib/kabar-archive
COPY --from=builder /opt/kabar /opt/kabar
COPY --from=builder /app /app
COPY config /app/config
# The root file system is read-only at run time: Python must not try to write bytecode beside the code.
ENV PATH=/opt/kabar/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    KABAR_CONFIG_DIR=/app/config \
    KABAR_DATA_DIR=/var/lib/kabar \
    KABAR_ARCHIVE_DIR=/var/lib/kabar-archive
WORKDIR /app
USER 10001:10001
STOPSIGNAL SIGTERM
ENTRYPOINT ["kabar"]
CMD ["--help"]
