"""The last quarter and the plan's end are closed; then a few records of that quarter are entered late."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import NAMESPACE_OID, uuid5

from accounts.models import Division, User
from accounts.scope import scope
from config.demo.staff import DemoAccount, demo_towns
from followup.rules.facts import VisitFacts
from followup.services.visits import record_visit
from registry.models import Patient
from reports.queries.packs import adopted_packs
from reports.queries.people import details_of
from reports.rules.cut import Cut
from reports.rules.months import last_quarter_end, months_apart, year_start
from reports.services.freezes import freeze
from reports.terms import FreezeKind

FORGOTTEN, STOPPED = 2, 1  # in each demo township: a visit not entered in time; said later to take no medicine


def fill(county: Division, accounts: Sequence[DemoAccount], *, today: date) -> int:
    name = next(account.username for account in accounts if account.role == "commission")
    commission = User.objects.select_related("agency__division").get(username=name)
    day, made = last_quarter_end(today), 1
    with scope(commission):
        freeze(kind=FreezeKind.QUARTER, area=county, as_of=day, by=commission, note="季度联席会议前关账")
        for pack in adopted_packs(county):
            end = date(pack.last_year, 12, 31)
            if pack.first_year <= end.year and end <= today:
                freeze(kind=FreezeKind.FINAL, area=county, as_of=end, by=commission, pack_id=pack.id, note="终期评估会")
                made += 1
    users = {account.area: account.username for account in accounts if account.role == "township_worker"}
    for town in demo_towns(county):
        worker = User.objects.select_related("agency__division").get(username=users[town.code])
        with scope(worker):
            _enter_late(town, worker, day, today)
    return made


def _enter_late(town: Division, worker: User, day: date, today: date) -> None:
    """Between two visits too far apart a third one was made and lay about; somebody had stopped the medicine."""
    found = Patient.objects.filter(duty_township=town.pk, closed_on=None, opened_on__lt=year_start(day)).order_by("pk")
    details = details_of(found.values_list("pk", flat=True), Cut(day, today))
    between = {
        key: detail.gap_from + (detail.gap_to - detail.gap_from) / 2
        for key, detail in details.items()
        if detail.gap_from and detail.gap_to and months_apart(detail.gap_from, detail.gap_to) > 3
    }
    for patient in found.filter(pk__in=between)[:FORGOTTEN]:
        _visit(patient, worker, between[patient.pk], adherence=1)
    for patient in found.filter(last_visit_on__gt=day, last_class=3).exclude(pk__in=between)[:STOPPED]:
        _visit(patient, worker, day - timedelta(days=5), adherence=3)


def _visit(patient: Patient, worker: User, on: date, *, adherence: int) -> None:
    facts = VisitFacts(
        visited_on=on, form="2", seen=("1", "2"), level=0, insight=1, sleep=1, diet=1, self_care=1, housework=1, work=2,
        learning=1, social=1, locked=1, hospital=0, lab=1, adherence=adherence, side_effect=1, effect=2, referral=1,
        doctor_name=worker.display_name,
    )  # fmt: skip
    record_visit(patient=patient, facts=facts, form_id=uuid5(NAMESPACE_OID, f"{patient.uuid}|late|{on}"), by=worker)
