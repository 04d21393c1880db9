"""The walls of agreements and of the words on duty; what was signed or said is never rewritten."""

from django.db import migrations

from accounts.walls import ChildPlace, Protect, ProtectHistory

TABLES = ("subsidy_agreement", "subsidy_agreementassistant", "subsidy_dutyrecord")

# An agreement is ended (or, where the end was a mistake, runs on); a scheme is stopped. Nothing else changes.
RIGHTS = """
REVOKE UPDATE, DELETE ON subsidy_agreement, subsidy_countyscheme FROM app;
REVOKE UPDATE, DELETE ON subsidy_agreementassistant, subsidy_dutyrecord FROM app;
GRANT UPDATE (ended_on, end_reason, end_words, ended_by_id) ON subsidy_agreement TO app;
GRANT UPDATE (stopped_on) ON subsidy_countyscheme TO app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0012_attempt_struck"),
        ("subsidy", "0001_initial"),
    ]
    operations = [
        *(operation for table in TABLES for operation in (Protect(table), ChildPlace(table))),
        ProtectHistory("subsidy_agreementhistoryevent"),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
