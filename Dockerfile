# The image of web, worker, beat and migrate. Its steps are those of bin/setup, which the demo and the tests also run.
FROM python:3.11-slim AS packages
WORKDIR /srv/smd
COPY bin/setup bin/setup
COPY requirements.lock requirements-test.lock ./
RUN . bin/setup && packages requirements.lock

FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=config.settings.production \
    PATH=/srv/smd/.venv/bin:$PATH STATIC_ROOT=/srv/smd/static-collected BEAT_FILE=/srv/smd/var/beat XDG_CACHE_HOME=/tmp/cache
RUN useradd --system --uid 10001 --home-dir /srv/smd --shell /usr/sbin/nologin smd
WORKDIR /srv/smd
COPY --from=packages /srv/smd/.venv .venv
COPY bin/setup bin/setup
RUN . bin/setup && report_libraries && rm -rf /var/lib/apt/lists/*
COPY . .
RUN python -m ops.image && install -d -o smd -g smd -m 0700 var
USER smd
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
