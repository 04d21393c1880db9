"""The county's table of hospitals, a few referrals at every step, stays, an emergency admission, a request for help."""

from collections.abc import Sequence
from datetime import date, timedelta

from accounts.models import Division, User
from accounts.scope import scope
from accounts.terms import Role
from config.demo.staff import DemoAccount
from registry.models import Admission, Patient
from registry.services.admissions import admit
from registry.services.passages import ask_for_help, record_passage, set_destination
from registry.services.referrals import accept_referral, propose_referral, receive_referral
from registry.terms import CareStatus, ReferralDirection

TABLE = (
    ("compulsory", "市精神病防治院"),
    ("infectious", "市精神病防治院"),
    ("veteran", ""),
    ("destitute", ""),
    ("vagrant", ""),
)


def fill(county: Division, accounts: Sequence[DemoAccount], *, by: User, today: date) -> int:
    """Answers how many referrals there are."""
    name = next(account.username for account in accounts if account.role == Role.HOSPITAL)
    hospital = User.objects.select_related("agency__division").get(username=name)
    with scope(by):
        for category, elsewhere in TABLE:
            set_destination(
                county=county, category=category, starts_on=date(today.year, 1, 1), by=by, name=elsewhere,
                agency=None if elsewhere else hospital.agency, basis="县级收治方案",
            )  # fmt: skip
        people = list(Patient.objects.filter(status=CareStatus.MANAGED, closed_on=None).order_by("pk")[:8])
        rows = [_refer(patient, hospital, by, today) for patient in people[:4]]
        for patient in people[4:6]:
            if not Admission.objects.filter(patient=patient).exists():
                _admit(patient, hospital, by, today)
        for patient in people[6:7]:
            ask_for_help(patient=patient, by=by, direction="out", guardian="unwilling", asked_on=today, asked_by="医院")
            values = {
                "hospital_name": hospital.agency.name, "sent_by": "police", "arrived_on": today - timedelta(days=1),
                "ground": "item_2", "concluded_on": today, "guardian_agrees": None,
            }  # fmt: skip
            record_passage(patient=patient, by=by, values=values)
    with scope(hospital):
        for row in rows[1:]:
            receive_referral(referral=row, by=hospital)
        for row in rows[2:3]:
            accept_referral(referral=row, by=hospital, admitted_on=today - timedelta(days=1), kind="voluntary")
    return len(rows)


def _refer(patient: Patient, hospital: User, by: User, today: date):
    slip = {
        "name": patient.name,
        "sex": patient.get_sex_display(),
        "impression": "精神分裂症",
        "present": "近一周兴奋话多，睡眠差",
    }
    return propose_referral(
        patient=patient, on=max(patient.opened_on, today - timedelta(days=2)), direction=ReferralDirection.UP,
        reason="unstable", category="general", slip=slip, by=by, to_agency=hospital.agency,
    )  # fmt: skip


def _admit(patient: Patient, hospital: User, by: User, today: date) -> None:
    newest = patient.statuses.order_by("-starts_on").values_list("starts_on", flat=True).first() or patient.opened_on
    admit(patient=patient, on=max(newest, today - timedelta(days=9)), by=by, hospital=hospital.agency, kind="voluntary")
