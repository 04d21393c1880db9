#!/bin/sh
# Run once by the postgres image, on an empty data folder and before the first migrate: roles, rights, passwords.
set -eu
secrets=${SECRETS:-/run/secrets} roles=${ROLES:-/roles}
admin() { psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" "$@"; }

admin --file "$roles/cluster.sql"
for role in owner app backup; do
  admin --set role="$role" --set password="$(cat "$secrets/${role}_password")" <<'SQL'
ALTER ROLE :"role" PASSWORD :'password';
SQL
done
admin --set base="$POSTGRES_DB" <<'SQL'
ALTER DATABASE :"base" OWNER TO owner;
REVOKE ALL ON DATABASE :"base" FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE :"base" TO app;
GRANT CONNECT ON DATABASE :"base" TO backup;
SQL
admin --file "$roles/database.sql"
