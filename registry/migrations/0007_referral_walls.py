"""The walls of referrals, admissions, the green channel and help with an admission."""

from django.db import migrations

from accounts.walls import COUNTIES, OFFICES, PATIENTS, TOWNS, ChildPlace, Protect, ProtectHistory

# A referral is also seen by the hospital it is addressed to: the fourth arm. It can answer, never add or remove a row
# (take_place() looks for the patient, whom a hospital does not see).
REFERRAL_ARMS = (
    f"duty_township = ANY ({TOWNS}) OR duty_county = ANY ({COUNTIES}) OR patient_id = ANY ({PATIENTS}) "
    f"OR to_agency_id = ANY ({OFFICES})"
)
REFERRAL_POLICY = f"""
ALTER TABLE registry_referral ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON registry_referral FOR ALL TO app USING ({REFERRAL_ARMS}) WITH CHECK ({REFERRAL_ARMS});
CREATE POLICY whole ON registry_referral FOR SELECT TO backup USING (true);
REVOKE DELETE ON registry_referral, registry_greenchannel, registry_admissionhelp, registry_admission FROM app;
REVOKE UPDATE, DELETE ON registry_referraldestination FROM app;
"""  # noqa: S608
CHILDREN = ("registry_admission", "registry_greenchannel", "registry_admissionhelp")


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0006_place_walls"),
    ]
    operations = [
        *(operation for table in CHILDREN for operation in (Protect(table), ChildPlace(table))),
        ChildPlace("registry_referral"),
        *(ProtectHistory(f"{table}historyevent") for table in (*CHILDREN, "registry_referral")),
        migrations.RunSQL(REFERRAL_POLICY, migrations.RunSQL.noop),
    ]
