"""Walls of the ledger: what a plan's task says changes only by loading the plan, a history only grows, nothing is deleted.

No row-level security: these tables hold no person's data (privacy AGGREGATE), like the reported values beside them.
"""

from django.db import migrations

from accounts.walls import AppendOnly

RIGHTS = """
REVOKE UPDATE, DELETE ON reports_task, reports_meeting, reports_meetingseat FROM app;
REVOKE UPDATE ON reports_taskparty FROM app;
GRANT UPDATE (name, clause, due_on, state, assignee_id) ON reports_task TO app;
GRANT UPDATE (minutes, state, cancel_reason, minutes_by_id, minutes_at) ON reports_meeting TO app;
GRANT UPDATE (came, who) ON reports_meetingseat TO app;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0005_ledger")]
    operations = [migrations.RunSQL(RIGHTS, migrations.RunSQL.noop), AppendOnly("reports_tasknote", readable=True)]
