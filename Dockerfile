# Two images: `web` (the site and the worker; the default) and `proxy` (nginx, exposed to the internet).

# --- Python packages, installed in a stage of their own so that pip stays out of the image --------

FROM python:3.13-slim-trixie AS packages
WORKDIR /srv/careers
RUN python -m venv --without-pip /srv/packages
COPY requirements.txt .
RUN python -m pip --python /srv/packages/bin/python install --no-cache-dir --disable-pip-version-check \
    --root-user-action=ignore --require-hashes --only-binary=:all: -r requirements.txt


# --- Proxy --------------------------------------------------------------------------------------

FROM debian:bookworm-slim AS proxy
RUN apt-get -qq update \
    && DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends nginx openssl \
    && apt-get clean && rm -rf /var/lib/apt/lists/* /etc/nginx/sites-* /var/www \
    && useradd --uid 10002 --no-create-home --shell /usr/sbin/nologin nginx-user \
    # The writable folders of a read-only file system: a new volume gets the owner set here.
    && install -d -o 10002 -g 10002 -m 700 /srv/tls /srv/spool
COPY proxy/nginx.conf /etc/nginx/nginx.conf
COPY proxy/away.html proxy/busy.html proxy/away.css /srv/away/
COPY proxy/start /usr/local/bin/start
USER 10002:10002
# Graceful shutdown: nginx finishes requests in progress.
STOPSIGNAL SIGQUIT
CMD ["start"]


# --- Site ---------------------------------------------------------------------------------------

FROM python:3.13-slim-trixie AS web
# pg_dump and pg_restore in the version of the database in docker-compose.yml, and the font of the social
# sharing images.
RUN apt-get -qq update \
    && DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends \
        fonts-morisawa-bizud-gothic postgresql-client-17 \
    && apt-get clean && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin careers \
    && install -d -o 10001 -g 10001 -m 700 /srv/backups \
        /srv/var /srv/var/media /srv/var/documents /srv/var/uploads
COPY --from=packages /srv/packages /srv/packages
WORKDIR /srv/careers
COPY gunicorn.conf.py manage.py pyproject.toml ./
COPY careers careers
COPY locale locale
COPY static static
COPY templates templates
ENV PATH=/srv/packages/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    VAR_DIR=/srv/var
# The static files are part of the image. The settings require these variables; the image does not keep them.
RUN SECRET_KEY=$(python -c 'import secrets; print(secrets.token_urlsafe(60))') \
    SITE_URL=https://localhost SMTP_URL=smtp://localhost MAIL_FROM=careers@localhost python manage.py collectstatic --noinput --verbosity 0 \
    && chmod -R a+rX /srv/var/static \
    && python -m compileall -q careers
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "careers.wsgi", "--bind", "0.0.0.0:8000"]
