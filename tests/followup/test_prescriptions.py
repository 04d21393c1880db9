"""Prescriptions: shape only, carried from visit to visit, dated, never rewritten."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.refusals import Denied, Refused
from accounts.scope import scope
from followup.models import Medicine, Prescription
from followup.queries.medicines import found_by_name, listed, offered
from followup.queries.prescriptions import carried, drug_of, running_lines
from followup.rules.facts import Drug
from followup.rules.medicines import DictionaryRefused, Entry, read_dictionary
from followup.rules.prescriptions import (
    Change,
    DayLimits,
    PrescriptionFacts,
    Running,
    change_of,
    due_of,
    interval_of,
    line_of,
    shape_problems,
)
from followup.services.corrections import correct_visit
from followup.services.medicines import SHIPPED, add_medicine, close_medicine, load_dictionary, reopen_medicine
from followup.services.prescriptions import PrescriptionRefused, follow_newest, prescribe, stop_prescription
from followup.services.refusals import FormUsed
from tests.followup.conftest import days_ago, good

DAY = date(2026, 3, 10)
ORAL = Entry(code="olanzapine", name="奥氮平", kind="second")
LONG = Entry(code="pp", name="棕榈酸帕利哌酮注射液", kind="second", form="injection", interval_days=28)
PILLS = Entry(code="x", name="某药", kind="other", unit="piece")
LIMITS = DayLimits(DAY, date(1980, 1, 1))


def asked(**more: Any) -> PrescriptionFacts:
    return PrescriptionFacts(**{"name": "奥氮平", "starts_on": DAY, "prescriber": "周医师", "evening": "10", **more})


LAI = {"name": LONG.name, "evening": "", "every_weeks": "4", "each": "100"}


@pytest.mark.parametrize(
    ("entry", "more", "field", "sentence"),
    [
        (None, {}, "name", "药品词典里没有“奥氮平”。请从提示里选；确有此药的，请县精防办加进药品词典。"),
        (ORAL, {"evening": "0"}, "evening", "晚：要大于 0、不超过 100000，最多三位小数。"),
        (ORAL, {"evening": "-5"}, "evening", "晚：要大于 0、不超过 100000，最多三位小数。"),
        (ORAL, {"evening": "1.2345"}, "evening", "晚：要大于 0、不超过 100000，最多三位小数。"),
        (ORAL, {"evening": "NaN"}, "evening", "晚：要大于 0、不超过 100000，最多三位小数。"),
        (ORAL, {"evening": "一片"}, "evening", "晚：请填数字，例如 1.5。"),
        (ORAL, {"evening": ""}, "morning", "请至少填早、中、晚中一次的剂量。"),
        (ORAL, {"every_weeks": "4"}, "every_weeks", "奥氮平不是长效针剂，请填早、中、晚的剂量，这里留空。"),
        (ORAL, {"unit": "ml"}, "unit", "奥氮平的剂量单位是 mg、g。"),
        (PILLS, {"name": "某药", "unit": "mg"}, "unit", "某药的剂量单位是 片（粒）。"),
        (
            LONG,
            {**LAI, "evening": "5"},
            "morning",
            f"{LONG.name}是长效针剂，请填每几周一次和每次剂量，早、中、晚留空。",
        ),
        (LONG, {**LAI, "every_weeks": ""}, "every_weeks", "请填每几周一次。"),
        (LONG, {**LAI, "every_weeks": "0.5"}, "every_weeks", "每几周一次：应在 1 到 27 周之间。"),
        (LONG, {**LAI, "each": ""}, "each", "请填每次剂量。"),
        (ORAL, {"prescriber": ""}, "prescriber", "请填开方医师。"),
        (ORAL, {"starts_on": DAY + timedelta(days=1)}, "starts_on", "开始日期不能晚于今天。"),
        (ORAL, {"starts_on": date(1979, 12, 31)}, "starts_on", "开始日期不能早于出生日期 1980-01-01。"),
    ],
)
def test_what_has_no_shape_is_refused_at_its_field(entry, more, field, sentence):
    found = shape_problems(asked(**more), entry, LIMITS)
    assert [(one.field, one.message) for one in found] == [(field, sentence)]


def test_a_high_dose_is_no_matter_of_shape():
    assert shape_problems(asked(evening="900"), ORAL, LIMITS) == []
    assert shape_problems(asked(**LAI), LONG, LIMITS) == []


def test_grams_become_the_papers_milligrams():
    assert line_of(asked(name="碳酸锂", unit="g", morning="0.25", evening="0.5")) == (
        Drug("碳酸锂", morning="250", evening="500"), "mg",
    )  # fmt: skip


@pytest.mark.parametrize(("weeks", "days"), [("4", 28), ("2", 14), ("1", 7), ("0.9", None), ("", None), ("99", None)])
def test_weeks_become_days(weeks, days):
    assert interval_of(weeks) == days


@pytest.mark.parametrize(
    ("start", "interval", "last", "due"),
    [
        (DAY, None, None, None),
        (DAY, 28, None, DAY),
        (DAY, 28, DAY, DAY + timedelta(days=28)),
        (DAY, 28, DAY - timedelta(days=10), DAY + timedelta(days=18)),
        (DAY, 28, DAY - timedelta(days=300), DAY),
    ],
)
def test_the_next_injection_follows_the_last(start, interval, last, due):
    assert due_of(start, interval, last) == due


OLD, NEW = Drug("奥氮平", evening="10"), Drug("奥氮平", evening="15")
RUNNING = (Running(1, OLD, DAY - timedelta(days=90)), Running(2, Drug("苯海索", morning="2"), DAY))


@pytest.mark.parametrize(
    ("facts", "change"),
    [
        ({"drugs": (OLD, Drug("苯海索", morning="2"))}, None),
        ({"drugs": (NEW, Drug("苯海索", morning="2"))}, Change((1,), (NEW,))),
        (
            {"drugs": (OLD,), "guidance": (NEW,)},
            Change((1, 2), (NEW,)),
        ),  # the advice is what is to be taken from now on
        ({}, None),  # nothing said
        ({"adherence": 4}, Change((1, 2), ())),  # 医嘱勿需用药
        ({"drugs": (NEW, NEW)}, Change((1, 2), (NEW,))),
    ],
)
def test_what_a_visit_changes_of_the_prescriptions(facts, change):
    assert change_of(RUNNING, good(DAY, **facts)) == change


def test_a_record_older_than_a_prescription_changes_nothing():
    assert change_of(RUNNING, good(DAY - timedelta(days=1), drugs=(NEW,))) is None


def test_the_shipped_dictionary_reads_and_names_its_long_acting_drugs():
    version, entries = read_dictionary(SHIPPED.read_text(encoding="utf-8"))
    assert version == "cn-2026"
    assert {one.name for one in entries if one.long_acting and one.kind == "second"} == {
        "注射用利培酮微球", "棕榈酸帕利哌酮注射液", "棕榈酸帕利哌酮注射液(3M)",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[medicine]]", "缺少 version"),
        ('version = "1"\n[[medicine]]\ncode = "a1"\nname = "甲"', "code、name、kind 必须有"),
        ('version = "1"\n[[medicine]]\ncode = "a1"\nname = "甲"\nkind = "third"', "kind 只能是"),
        ('version = "1"\n[[medicine]]\ncode = "a1"\nname = "甲"\nkind = "first"\ndose = 1', "不认识的键 dose"),
        ('version = "1"\n[[medicine]]\ncode = "a1"\nname = "甲"\nkind = "first"\ninterval_days = 3', "7 到 190 天"),
        ("version =", "不是有效的 TOML"),
    ],
)
def test_a_wrong_dictionary_is_refused_with_its_entry(text, sentence):
    with pytest.raises(DictionaryRefused, match=sentence):
        read_dictionary(text)


# with the database


def write(patient: Any, by: Any, **more: Any) -> Prescription:
    form_id = more.pop("form_id", None) or uuid4()
    with scope(by):
        facts = asked(**{"starts_on": days_ago(30), **more})
        return prescribe(patient=patient, facts=facts, form_id=form_id, by=by)


def held(patient: Any, by: Any) -> list[tuple[str, date]]:
    with scope(by):
        rows = Prescription.objects.filter(patient=patient, ends_on=None).order_by("pk")
        return [(drug_of(row).words, row.starts_on) for row in rows]


@pytest.mark.django_db
def test_a_change_ends_the_earlier_one_and_both_stay(world):
    patient = world.patient()
    first = write(patient, world.worker)
    write(patient, world.worker, evening="15", starts_on=days_ago(3))
    with scope(world.worker):
        first.refresh_from_db()
        assert (first.ends_on, first.stop_reason) == (days_ago(3), "changed")
    assert held(patient, world.worker) == [("奥氮平 晚 15 mg", days_ago(3))]


@pytest.mark.django_db
def test_a_form_sent_twice_writes_once_and_none_for_another_patient(world):
    patient, form_id = world.patient(), uuid4()
    assert write(patient, world.worker, form_id=form_id) == write(patient, world.worker, form_id=form_id)
    with pytest.raises(FormUsed):
        write(world.patient(), world.worker, form_id=form_id)


@pytest.mark.django_db
def test_only_who_may_writes_and_only_at_home(world):
    patient = world.patient()
    for by in (world.village_doctor, world.leader, world.worker_b, world.stranger):
        with pytest.raises(Refused) as refusal:
            write(patient, by)
        assert refusal.value.status in (403, 404)
    row = write(patient, world.psychiatrist)
    with scope(world.worker_b), pytest.raises(Denied):
        stop_prescription(prescription=row, on=timezone.localdate(), reason="stopped", by=world.worker_b)


@pytest.mark.django_db
def test_a_stopped_prescription_is_stopped_once_with_a_day_that_can_be(world):
    row = write(world.patient(), world.worker)
    with scope(world.worker):
        with pytest.raises(Refused, match="之间"):
            stop_prescription(prescription=row, on=days_ago(31), reason="stopped", by=world.worker)
        stop_prescription(prescription=row, on=days_ago(1), reason="stopped", by=world.worker)
        with pytest.raises(Refused, match="已经停用"):
            stop_prescription(prescription=row, on=days_ago(1), reason="stopped", by=world.worker)


@pytest.mark.django_db
def test_a_visit_carries_its_advice_into_prescriptions_and_an_unchanged_one_writes_none(world, record):
    patient = world.patient()
    record(patient, world.worker, days_ago(60), drugs=(OLD,))
    assert held(patient, world.worker) == [(OLD.words, days_ago(60))]
    record(patient, world.worker, days_ago(30), drugs=(OLD,), guidance=(NEW,))
    assert held(patient, world.worker) == [(NEW.words, days_ago(30))]
    record(patient, world.worker, days_ago(2), drugs=(NEW,))
    assert held(patient, world.worker) == [(NEW.words, days_ago(30))]
    with scope(world.worker):
        assert running_lines(patient) == (NEW,)
        assert carried(good(DAY, drugs=(OLD,), guidance=(NEW,)), running_lines(patient)).drugs == (NEW,)
        rows = list(Prescription.objects.filter(patient=patient).order_by("pk"))
    assert [(row.medicine.code, row.stop_reason, row.prescriber) for row in rows] == [
        ("olanzapine", "visit", "冉医生"), ("olanzapine", "", "冉医生"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_village_doctors_visit_leaves_prescriptions_until_the_township_follows_it(world, record):
    patient = world.patient()
    write(patient, world.worker)
    record(patient, world.village_doctor, drugs=(NEW,))
    assert held(patient, world.worker) == [("奥氮平 晚 10 mg", days_ago(30))]
    with scope(world.worker):
        assert follow_newest(patient=patient, by=world.worker) == Change(
            (Prescription.objects.get(name="奥氮平", ends_on__isnull=False).pk,), (NEW,)
        )
        with pytest.raises(Refused, match="没有要改的"):
            follow_newest(patient=patient, by=world.worker)
    assert held(patient, world.worker) == [(NEW.words, timezone.localdate())]


@pytest.mark.django_db
def test_a_row_of_the_past_and_an_older_record_change_no_prescription(world, record):
    patient = world.patient()
    record(patient, world.worker, days_ago(20), drugs=(NEW,))
    record(patient, world.worker, days_ago(400), drugs=(OLD,), as_recorded=True)
    record(patient, world.worker, days_ago(40), drugs=(OLD,))
    assert held(patient, world.worker) == [(NEW.words, days_ago(20))]


@pytest.mark.django_db
def test_a_corrected_dose_takes_the_place_of_the_wrong_one(world, record):
    patient = world.patient()
    saved = record(patient, world.worker, days_ago(2), drugs=(Drug("奥氮平", evening="100"),))
    with scope(world.worker):
        facts = good(days_ago(2), drugs=(OLD,))
        correct_visit(root=saved.visit.root, version=1, facts=facts, by=world.worker)
    assert held(patient, world.worker) == [(OLD.words, days_ago(2))]


@pytest.mark.django_db
def test_a_county_adds_and_closes_a_drug_for_itself_alone(world):
    mine, today = Entry(code="county", name="县院自制药", kind="other", unit="piece"), timezone.localdate()
    with scope(world.county_office):
        row = add_medicine(county=world.county, entry=mine, by=world.county_office)
        with pytest.raises(Refused, match="已经有“县院自制药”"):
            add_medicine(county=world.county, entry=mine, by=world.county_office)
        olanzapine = Medicine.objects.get(code="olanzapine")
        close_medicine(county=world.county, medicine=olanzapine, by=world.county_office)
        with pytest.raises(Refused, match="已经停用"):
            close_medicine(county=world.county, medicine=olanzapine, by=world.county_office)
    names = [one.name for one in offered(world.county.pk, today)]
    assert ("县院自制药" in names, "奥氮平" in names) == (True, False)
    other = [one.name for one in offered(world.places["990002"].pk, today)]
    assert ("县院自制药" in other, "奥氮平" in other) == (False, True)
    with pytest.raises(PrescriptionRefused, match="没有“奥氮平”"):
        write(world.patient(), world.worker)
    with scope(world.county_office):
        reopen_medicine(county=world.county, medicine=olanzapine, by=world.county_office)
        with pytest.raises(Denied):
            close_medicine(county=world.places["990002"], medicine=row, by=world.county_office)
    assert load_dictionary()[1] == len([one for one in listed(world.county.pk) if not one.is_own])
    there = offered(world.county.pk, today)
    for box, drug in (("富马酸喹硫平", "喹硫平"), ("喹硫平片", "喹硫平"), ("丙戊酸钠缓释片", "丙戊酸钠")):
        assert found_by_name(box, there).name == drug
    for other in ("喹硫平注射液", "喹硫", "奥氮平氟西汀胶囊"):  # a similar name is another drug
        assert found_by_name(other, there) is None


@pytest.mark.django_db
def test_saving_a_visit_asks_the_database_no_more_often_for_its_prescriptions(world, record):
    patient, asked = world.patient(), []
    record(patient, world.worker, days_ago(10))  # the first opens the year's row and the windows
    for back, drugs in ((9, ()), (8, (OLD,)), (7, (OLD,)), (6, (NEW, Drug("苯海索", morning="2")))):
        with CaptureQueriesContext(connection) as seen:
            record(patient, world.worker, days_ago(back), drugs=drugs)
        asked.append(len(seen))
    assert asked[1:] == asked[:1] * 3
    assert held(patient, world.worker) == [(NEW.words, days_ago(6)), ("苯海索 早 2 mg", days_ago(6))]
