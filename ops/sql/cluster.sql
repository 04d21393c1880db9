-- Once per cluster, as a superuser. A real deployment sets passwords afterwards (deploy/database/).
DO $$ BEGIN
  IF to_regrole('owner') IS NULL THEN CREATE ROLE owner LOGIN; END IF;
  IF to_regrole('app') IS NULL THEN CREATE ROLE app LOGIN NOINHERIT; END IF;
  IF to_regrole('app_partner') IS NULL THEN CREATE ROLE app_partner NOLOGIN; END IF;
  IF to_regrole('backup') IS NULL THEN CREATE ROLE backup LOGIN BYPASSRLS; END IF;
  GRANT app_partner TO app;  -- after NOINHERIT: PostgreSQL 16 and newer keep the option of the moment of the grant
END $$;
