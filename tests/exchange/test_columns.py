"""Columns of the files that are worked out: who answers, who takes part, how somebody is treated, who made trouble."""

from dataclasses import fields
from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import Assignment
from accounts.scope import scope
from accounts.terms import AgencyKind, Role
from exchange.models import Package
from exchange.queries.asked_facts import ASKED_FACTS
from exchange.queries.packages import rows_of
from exchange.queries.snapshot_rows import Row
from exchange.queries.snapshots import NUMBERS, _facts
from exchange.queries.templates import presets
from exchange.rules.items import header
from exchange.rules.readers import asked_by
from exchange.rules.readers import row as cells_of
from exchange.rules.snapshot import PersonSnapshot, RowSource
from exchange.rules.standard_codes import Treatment, team_codes, treatment_code
from exchange.services.preparing import open_due, prepare_due
from exchange.terms import Rhythm
from followup.rules.incidents import IncidentFacts
from followup.services.incidents import confirm_incident, record_incident
from followup.services.plans import set_team
from followup.terms import Adherence
from registry.models import Patient
from registry.services.teams import add_member
from registry.terms import GroupKind
from tests.conftest import VILLAGE_A1
from tests.exchange.conftest import save
from tests.exchange.sharing import agree
from tests.exchange.templates import in_force
from tests.exchange.test_packages import house

__all__ = ["house"]


@pytest.mark.parametrize(
    ("roles", "offices", "codes"),
    [
        ((), (), ()),
        (("worker", "doctor"), ("health_centre",), ("01",)),
        (("police",), ("civil_affairs", "disabled_federation", "village_committee"), ("02", "03", "04", "05")),
        (("family", "psychiatrist"), ("government",), ("99",)),
    ],
)
def test_who_takes_part_is_told_in_the_standards_codes(roles, offices, codes):
    assert team_codes(roles, offices) == codes


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Treatment(in_hospital=True, adherence=Adherence.NOT_TAKEN), "01"),
        (Treatment(adherence=Adherence.REGULAR), "02"),
        (Treatment(adherence=Adherence.INTERRUPTED), "02"),
        (Treatment(adherence=Adherence.NOT_TAKEN, past_admissions=0), "04"),
        (Treatment(adherence=Adherence.NOT_TAKEN, past_admissions=None), ""),
        (Treatment(adherence=Adherence.NOT_TAKEN, past_admissions=0, ever_taken=True), ""),
        (Treatment(adherence=Adherence.NOT_TAKEN, past_admissions=0, ever_admitted=True), ""),
        (Treatment(adherence=Adherence.NOT_NEEDED, past_admissions=0), ""),
        (Treatment(), ""),
    ],
)
def test_treatment_is_told_where_a_code_is_true_and_left_empty_otherwise(said, code):
    assert treatment_code(said) == code


def told(house, situation: str) -> dict[str, dict[str, str]]:
    """By name the cells of the committee's file."""
    who = house["who"]
    officer, clerk = who[Role.PRIVACY_OFFICER], who[Role.EXCHANGE_CLERK]
    in_force(house["county"], f"political_legal.{situation}", clerk=clerk, officer=officer)
    open_due(timezone.localdate())
    prepare_due()
    row = Package.objects.select_related("template").get(situation=situation, period=house["one"].name)
    (section,) = row.template.parts
    heads = [header(item) for item in section.items]
    with scope(counties=[house["county"].pk]):
        rows = [dict(zip(heads, cells, strict=True)) for _key, cells in rows_of(row, section.kind.value)]
    return {cells["姓名"]: cells for cells in rows}


def team_of(house) -> None:
    """高危甲's own team until two days before the quarter's end, and the group of the village with one who has left."""
    world, last = house["world"], house["one"].last
    with scope(world.worker):
        patient = Patient.objects.get(pk=house["high"].pk)
        for on, role in ((last - timedelta(days=9), "family"), (last - timedelta(days=2), "worker")):
            set_team(patient=patient, starts_on=on, members=[{"role": role, "name": "甲某"}], by=world.worker)
        set_team(patient=patient, starts_on=last + timedelta(days=1), members=[], by=world.worker)
        for on, kind in ((last, AgencyKind.POLICE), (last + timedelta(days=1), AgencyKind.CIVIL_AFFAIRS)):
            add_member(
                division=world.places[VILLAGE_A1], kind=GroupKind.VILLAGE, on=on, name=f"{kind}某", agency_kind=kind,
                by=world.worker,
            )  # fmt: skip


def test_the_file_names_who_took_part_on_the_last_day_and_nothing_of_treatment(house):
    team_of(house)
    cells = told(house, "standard")["=高危甲"]
    assert (cells["参与管理人员"], cells["目前危险性评估等级"]) == ("01、02", "05")
    assert (cells["治疗情况"], cells["目前诊断类型"]) == ("", "")


def test_the_template_with_diagnosis_and_treatment_fills_both(house):
    worker, ago = house["world"].worker, (timezone.localdate() - house["one"].last).days
    save(worker, house["high"], 4, ago + 4, adherence=Adherence.REGULAR)
    save(worker, house["high"], 4, ago - 1, adherence=Adherence.NOT_TAKEN)  # after the quarter
    agree(house["high"], worker)
    cells = told(house, "standard_full")["=高危甲"]
    assert (cells["目前诊断类型"], cells["治疗情况"]) == ("01", "02")
    assert cells["参与管理人员"] == ""


def test_the_police_read_whom_to_ring(house):
    """Whoever answered for the township on the period's last day; somebody appointed later is not named."""
    world, last = house["world"], house["one"].last
    Assignment.objects.filter(user=world.worker).update(starts_on=last)
    world.worker.phone = "19900000138"
    world.worker.save(update_fields=["phone"])
    open_due(timezone.localdate())
    prepare_due()
    row = Package.objects.select_related("template").get(agency__kind=AgencyKind.POLICE, period=house["one"].name)
    heads = [header(item) for item in row.template.parts[0].items]
    with scope(counties=[house["county"].pk]):
        ((_key, cells),) = list(rows_of(row, "high_risk"))
    said = dict(zip(heads, cells, strict=True))
    assert said["责任医生"] == f"{world.worker.display_name}（{world.worker.agency.name}）"
    assert said["责任医生电话"] == "19900000138"


class Watched(PersonSnapshot):
    """Notes which of its fields are read."""

    def __getattribute__(self, name: str) -> object:
        if name in FIELDS:
            READ.add(name)
        return super().__getattribute__(name)


FIELDS, READ = {one.name for one in fields(PersonSnapshot)}, set[str]()


def test_no_column_of_a_periodical_list_reads_what_nobody_fills():
    """A column with a reader whose field stays as it is made would be empty in every file, and no one would know."""
    row = Row._make(None for _ in Row._fields)._replace(status="dead", name="", sex="")
    filled = set(_facts(row, {})) | set(NUMBERS) | ASKED_FACTS | {"incident"}
    READ.clear()
    for preset in presets().values():
        if preset.rhythm is not Rhythm.AT_ONCE:
            for section in preset.sections:
                cells_of(section.items, RowSource(date(2026, 6, 30), Watched(incident=None)))
                assert asked_by(section.items) <= set(NUMBERS) | ASKED_FACTS
    assert READ - filled == set()
    assert {"worker", "worker_phone", "team", "treatment", "diagnosis"} <= READ


def incident(house, patient: Patient, **kinds: int) -> None:
    world = house["world"]
    at = timezone.make_aware(datetime.combine(house["one"].last - timedelta(days=4), time(10)))
    facts = IncidentFacts(happened_at=at, level=4, place="村口", **kinds)
    with scope(world.worker):
        row = record_incident(about=patient, facts=facts, form_id=uuid4(), by=world.worker)
    with scope(world.county_office):
        confirm_incident(incident=row, source="1", by=world.county_office)


@pytest.mark.parametrize(("kinds", "is_one"), [
    ({"trouble": 1}, True), ({"crime": 1, "self_harm": 1}, True), ({"self_harm": 1}, False),
    ({"suicide_attempt": 1}, False), ({"minor_trouble": 2}, False), ({"other_harm": 1}, False),
])  # fmt: skip
def test_whoever_hurt_himself_is_nobody_who_made_trouble(house, kinds, is_one):
    """肇事肇祸 are two kinds of six: the police and the committee never read another as one of them."""
    world, ago = house["world"], (timezone.localdate() - house["one"].last).days
    other = world.patient(VILLAGE_A1, "低危丁")
    save(world.worker, other, 2, ago + 20)
    incident(house, other, **kinds)
    incident(house, house["high"], **kinds)
    cells = told(house, "standard")
    assert ("低危丁" in cells) is is_one  # below level 3 only an offence makes somebody the committee's business
    high = cells["=高危甲"]
    said = ("有", "1") if is_one else ("无", "0")
    assert (high["有无肇事肇祸史"], high["肇事肇祸次数"]) == said
    police = Package.objects.get(agency__kind=AgencyKind.POLICE, period=house["one"].name)
    assert police.counts["incidents"]["rows"] == (2 if is_one else 0)
