# Two throw-away stages (Python packages, front-end files) and one small image that runs without root.
FROM python:3.11-slim-bookworm AS packages
WORKDIR /app
COPY requirements/base.txt requirements/
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes --requirement requirements/base.txt

FROM python:3.11-slim-bookworm AS assets
WORKDIR /app
COPY requirements/demo.txt requirements/
# The locked set with npm in it, the same that `make demo` uses.
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes --requirement requirements/demo.txt
COPY package.json package-lock.json .npmrc ./
COPY scripts/__init__.py scripts/assets.py scripts/
COPY static static
RUN /venv/bin/python -m scripts.assets

FROM python:3.11-slim-bookworm
# Pango draws the report PDFs.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin waymark \
    && install -d -o waymark /data
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
COPY --from=assets /app/static/vendor static/vendor
# Names no server: collecting files needs none.
RUN SECRET_KEY=build DATABASE_URL=postgres://build/build REDIS_URL=redis://build python manage.py collectstatic --noinput
USER waymark
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-m", "scripts.healthcheck"]
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--timeout", "120", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
