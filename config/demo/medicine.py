"""What the gravest patients of the demo townships take: prescriptions, injections, free drugs, examinations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import NAMESPACE_OID, UUID, uuid5

from accounts.models import Division, User
from accounts.scope import scope
from config.demo.staff import DemoAccount, demo_towns
from followup.models import Prescription
from followup.rules.checkups import CheckupFacts
from followup.rules.injections import InjectionFacts
from followup.rules.prescriptions import PrescriptionFacts
from followup.rules.supplies import SupplyFacts
from followup.services.checkups import record_checkup
from followup.services.dispensing import dispense
from followup.services.injections import record_injection
from followup.services.prescriptions import prescribe
from registry.models import Patient

LONG = "棕榈酸帕利哌酮注射液"
# days ago on which each was injected, the newest last: one overdue, one due in two days, one missed, one just given
SHOTS = ((62, 34), (54, 26), (60,), (28, 0))
FREE_EVERY = 2  # every second of those who have been visited
RESULTS = {
    "height": "168", "weight": "71.5", "systolic": "128", "diastolic": "82", "pulse": "78", "wbc": "6.1",
    "neutrophil": "3.4", "hb": "138", "plt": "210", "alt": "32", "ast": "27", "glucose": "5.6",
}  # fmt: skip


@dataclass(frozen=True)
class _Case:
    patient: Patient
    by: User
    key: str
    today: date

    def form(self, what: str) -> UUID:
        return uuid5(NAMESPACE_OID, f"{self.key}|{self.patient.uuid}|{what}")

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)


def fill_medicine(county: Division, accounts: Sequence[DemoAccount], *, seed: int, today: date) -> int:
    """Four long-acting plans in each demo township, the first patient with everything."""
    users = {account.area: account.username for account in accounts if account.role == "township_worker"}
    made = 0
    for town in demo_towns(county):
        worker = User.objects.select_related("agency__division").get(username=users[town.code])
        with scope(worker):
            found = Patient.objects.filter(duty_township=town.pk, closed_on=None)
            patients = list(found.order_by("-last_level", "-last_visit_on", "pk")[: len(SHOTS)])
            for patient, days in zip(patients, SHOTS, strict=False):
                case = _Case(patient, worker, f"{town.code}|{seed}", today)
                _inject(case, days)
                _hand_out(case)
                made += 1
            for patient in patients[1:3]:
                _examine(_Case(patient, worker, f"{town.code}|{seed}", today))
            for patient in found.exclude(last_class=None).order_by("pk")[::FREE_EVERY]:
                _second_generation(_Case(patient, worker, f"{town.code}|{seed}", today))
    return made


def _second_generation(case: _Case) -> None:
    """The county's free medicine, as a good part of the visited patients collect it."""
    box = SupplyFacts(
        name="奥氮平", handed_on=case.ago(21), amount=Decimal(2), pack="2", batch="AD26081", days=30, receiver="1",
        handed_by=case.by.display_name,
    )  # fmt: skip
    dispense(patient=case.patient, facts=box, form_id=case.form("free"), by=case.by)


def _holds(case: _Case, name: str) -> bool:
    """A visit of the last days has begun it already."""
    return Prescription.objects.filter(patient=case.patient, ends_on=None, name=name).exists()


def _inject(case: _Case, days: Sequence[int]) -> None:
    if _holds(case, LONG):
        return
    facts = PrescriptionFacts(
        name=LONG, every_weeks="4", each="100", prescriber="县精神卫生中心周医师", starts_on=case.ago(max(days))
    )
    row = prescribe(patient=case.patient, facts=facts, form_id=case.form("long"), by=case.by)
    for number, back in enumerate(days):
        shot = InjectionFacts(
            given_on=case.ago(back), dose="100", batch=f"PP2607{number + 1}", site=str(3 + number % 2),
            given_by=case.by.display_name,
        )  # fmt: skip
        record_injection(
            patient=case.patient, prescription=row.uuid, facts=shot, form_id=case.form(f"shot{number}"), by=case.by
        )


def _hand_out(case: _Case) -> None:
    oral = PrescriptionFacts(name="苯海索", morning="2", prescriber="县精神卫生中心周医师", starts_on=case.ago(70))
    if not _holds(case, oral.name):
        prescribe(patient=case.patient, facts=oral, form_id=case.form("oral"), by=case.by)
    for number, back in enumerate((70, 28)):
        box = SupplyFacts(
            name="苯海索", handed_on=case.ago(back), amount=Decimal(1), pack="2", batch=f"BH26{number + 4}1", days=30,
            receiver="2" if number else "1", receiver_name="家属" if number else "", handed_by=case.by.display_name,
        )  # fmt: skip
        dispense(patient=case.patient, facts=box, form_id=case.form(f"box{number}"), by=case.by)


def _examine(case: _Case) -> None:
    facts = CheckupFacts(
        kind="yearly", checked_on=case.ago(20), values=RESULTS, ecg="1", place=case.by.agency.name,
        summary="未见明显异常，建议继续观察体重和血糖。",
    )  # fmt: skip
    record_checkup(patient=case.patient, facts=facts, form_id=case.form("exam"), by=case.by)
