#!/bin/sh
# Creates the database and its two users, when the volume `database` is new (docker-compose.yml).
#
# `careers` owns the tables and runs migrations and `restore`. `careers_site` reads and writes rows, and can neither
# change tables nor read what is not the site's. The superuser has no password: it signs in inside this container only.
set -eu

psql --username postgres --set ON_ERROR_STOP=1 --quiet <<'SQL'
\getenv owner_password POSTGRES_PASSWORD
\getenv site_password DATABASE_PASSWORD
CREATE ROLE careers LOGIN PASSWORD :'owner_password';
CREATE ROLE careers_site LOGIN PASSWORD :'site_password';
ALTER ROLE postgres PASSWORD NULL;
CREATE DATABASE careers OWNER careers;
REVOKE ALL ON DATABASE careers FROM PUBLIC;
GRANT CONNECT ON DATABASE careers TO careers_site;
REVOKE CONNECT ON DATABASE postgres FROM PUBLIC;
\connect careers
ALTER DEFAULT PRIVILEGES FOR ROLE careers GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO careers_site;
ALTER DEFAULT PRIVILEGES FOR ROLE careers GRANT USAGE, SELECT ON SEQUENCES TO careers_site;
SQL
