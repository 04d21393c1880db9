"""动态分色 in the demo county: the start values in force since today, a next version drafted, proposals at both steps."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import NAMESPACE_OID, uuid5

from accounts.models import Division, User
from accounts.scope import scope
from config.demo.staff import DemoAccount, demo_towns
from followup.queries.colour_difference import difference
from followup.queries.colours import open_fall
from followup.rules.colour_table import START, Days
from followup.rules.facts import VisitFacts
from followup.services.colour_falls import assess_fall
from followup.services.colour_tables import activate_table, draft_table
from followup.services.colours import sweep_colours
from followup.services.visits import record_visit
from followup.terms import FallState
from registry.models import Patient

BASIS = "演示：按起始值试行，须县里确认"


def fill(county: Division, accounts: Sequence[DemoAccount], *, office: User, today: date) -> int:
    """How many people got a colour."""
    with scope(office):
        row = draft_table(county=county, table=START, starts_on=today, basis=BASIS, version=None, by=office)
        seen = difference(county, START, today).moved_count
        activate_table(table=row, version=row.version, seen=seen, by=office)
        made = sweep_colours(today)
        longer = {**START.colours, "yellow": Days(village=45, township=92)}
        draft_table(
            county=county, table=replace(START, colours=longer), starts_on=today + timedelta(days=30),
            basis="演示：下一版草稿", version=None, by=office,
        )  # fmt: skip
    users = {account.area: account.username for account in accounts if account.role == "township_worker"}
    for town in demo_towns(county):
        worker = User.objects.select_related("agency__division").get(username=users[town.code])
        with scope(worker):
            _falls(town, worker, today)
    return made


def _falls(town: Division, worker: User, today: date) -> None:
    """Two people were worse three weeks ago and are better today: one waits for an assessment, one for the approval."""
    before = today - timedelta(days=20)
    calm = Patient.objects.filter(
        duty_township=town.pk, closed_on=None, status="managed", colour__in=("green", "yellow")
    )
    calm = calm.filter(last_level__lt=2, last_visit_on__lt=before, last_in_hospital=False)
    made = 0
    # whoever is overdue stays so: a town's day must have something to do
    for patient in list(calm.order_by("-next_due_on", "pk")[:7])[:-1]:
        _visit(patient, worker, before, 2)
        _visit(patient, worker, today, 0)
        fall = open_fall(patient)
        if fall is None:
            continue
        if made == 1:
            words = "规律服药，情绪平稳，家属看护到位，近期没有异常表现。"
            assess_fall(fall=fall, to=FallState.ASSESSED, words=words, by=worker)
        made += 1
        if made == 2:
            return


def _visit(patient: Patient, worker: User, on: date, level: int) -> None:
    facts = VisitFacts(
        visited_on=on, form="2", seen=("1",), level=level, insight=1, sleep=1, diet=1, self_care=1, housework=1,
        work=2, learning=1, social=1, locked=1, hospital=0, lab=1, adherence=1, side_effect=1, effect=2, referral=1,
        basis="在家骂人、摔碗，劝说后停止" if level else "",
    )  # fmt: skip
    form_id = uuid5(NAMESPACE_OID, f"{patient.uuid}|colour|{on}")
    record_visit(patient=patient, facts=facts, form_id=form_id, by=worker)
