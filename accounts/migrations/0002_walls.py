"""Roles' rights and the trail's walls. The roles themselves are made by the set-up step, before the first migrate."""

from django.db import migrations

from accounts.walls import FOUNDATION, AppendOnly, MakePartitions, NoWrites

# The log is read through this function only: with a policy on it the index on persons could not be used.
WHO_SAW = """
CREATE FUNCTION who_saw(one uuid, most int)
RETURNS TABLE (at timestamptz, actor_name varchar, role varchar, agency uuid, groups varchar[], purpose varchar,
               route varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT at, actor_name, role, agency, groups, purpose, route FROM accounts_accesslog
  WHERE persons @> ARRAY[one] ORDER BY at DESC LIMIT most
$$;
GRANT EXECUTE ON FUNCTION who_saw(uuid, int) TO app;
"""

# A partner's request runs as app_partner: it may leave its trail and read the names of offices and places.
PARTNER = """
GRANT USAGE ON SCHEMA public TO app_partner;
GRANT INSERT ON accounts_accesslog, accounts_auditevent TO app_partner;
GRANT SELECT ON accounts_division, accounts_agency, accounts_countypolicy, accounts_calendarday TO app_partner;
GRANT SELECT (id, uuid, username, display_name, agency_id, is_active) ON accounts_user TO app_partner;
GRANT SELECT ON accounts_assignment TO app_partner;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("guardian", "0003_remove_groupobjectpermission_guardian_gr_content_ae6aec_idx_and_more"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]
    operations = [
        migrations.RunSQL(FOUNDATION, migrations.RunSQL.noop),
        AppendOnly("accounts_accesslog"),
        AppendOnly("accounts_auditevent"),
        MakePartitions("accounts_accesslog", months_back=1),
        MakePartitions("accounts_auditevent", months_back=1),
        migrations.RunSQL(WHO_SAW, migrations.RunSQL.noop),
        migrations.RunSQL(PARTNER, migrations.RunSQL.noop),
        NoWrites("guardian_userobjectpermission"),
        NoWrites("guardian_groupobjectpermission"),
        NoWrites("pghistory_context"),
    ]
