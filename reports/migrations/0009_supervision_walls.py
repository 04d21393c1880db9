"""Walls of the supervision: what was found and decided is never rewritten, a history only grows, nothing is deleted.

No row-level security: these tables hold no person's data (privacy AGGREGATE), like the ledger beside them.
"""

from django.db import migrations

from accounts.walls import AppendOnly

RIGHTS = """
REVOKE UPDATE, DELETE ON reports_supervision, reports_finding, reports_measure, reports_measurefinding,
  reports_findingfile FROM app;
GRANT UPDATE (due_on, state, rung) ON reports_finding TO app;
GRANT UPDATE (state, ended_on, end_reason) ON reports_measure TO app;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0008_supervision")]
    operations = [migrations.RunSQL(RIGHTS, migrations.RunSQL.noop), AppendOnly("reports_findingnote", readable=True)]
