#!/bin/sh
# Runs once, in an empty database: makes the role that the product works with. Migrations give it its rights;
# it owns nothing, so it cannot change what the ledger and the audit chain forbid.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    --set password="$APPLICATION_PASSWORD" <<'SQL'
CREATE ROLE zalicz_app LOGIN PASSWORD :'password';
SQL
