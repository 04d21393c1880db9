"""From a saved visit to the offices' cases, in the visit's own transaction."""

from datetime import date

import pytest

from accounts.models import Agency, CountyPolicy
from accounts.scope import scope
from accounts.terms import AgencyKind
from exchange.models import AlertEntry, Delivery
from exchange.rules.content import advice, age_on
from tests.conftest import TOWN_A
from tests.exchange.conftest import cases_of, ledger, save, statuses

pytestmark = pytest.mark.django_db

POLICE_A, LEGAL_A = "东街道公安局（派出所）", "东街道政法委（综治中心）"
POLICE, LEGAL = "甲县公安局（派出所）", "甲县政法委（综治中心）"
FOUR = [POLICE_A, LEGAL_A, POLICE, LEGAL]


def test_level_three_tells_four_offices_once_each(world, told):
    patient = world.patient()
    recorded = save(world.worker, patient, 3)
    assert told(patient) == [(office, "raised", "3") for office in FOUR]
    assert recorded.alert == cases_of(patient)[POLICE_A].uuid
    assert set(statuses(patient).values()) == {"preliminary"}


@pytest.mark.parametrize(("level", "raised"), [(0, 0), (2, 0), (3, 4), (5, 4)])
def test_the_threshold(world, told, level, raised):
    patient = world.patient()
    recorded = save(world.worker, patient, level)
    assert len(told(patient)) == raised
    assert (recorded.alert is not None) == bool(raised)


@pytest.mark.parametrize(("ago", "raised"), [(7, 4), (8, 0)])
def test_history_raises_nothing(world, told, ago, raised):
    patient = world.patient()
    save(world.worker, patient, 4, ago)
    assert len(told(patient)) == raised


def test_a_county_may_set_another_threshold(world, told):
    CountyPolicy.objects.create(county=world.county, key="alert_from_level", value=4, starts_on=date(2020, 1, 1))
    patient = world.patient()
    save(world.worker, patient, 3)
    assert told(patient) == []
    save(world.worker, patient, 4)
    assert len(told(patient)) == 4


def test_numbers_run_by_county_and_year_and_say_nothing(world):
    first, second = world.patient(), world.patient(name="又一人")
    save(world.worker, first, 3)
    save(world.worker, second, 4)
    numbers = [cases_of(patient)[office].number for patient in (first, second) for office in FOUR]
    year = cases_of(first)[POLICE].opened_at.year
    assert numbers == [f"JX-{year}-{n:04d}" for n in range(1, 9)]


def test_each_office_gets_its_own_closed_list(world):
    patient = world.patient(residence_address="东街道东一社区3组18号")
    world.worker.phone = "19900000138"
    world.worker.save()
    recorded = save(world.worker, patient, 4)
    with scope(world.worker):
        by_office = {
            entry.alert.agency.name: entry.content
            for entry in AlertEntry.objects.filter(patient=patient).select_related("alert__agency")
        }
    age = f"{age_on(date(1980, 5, 6), recorded.visit.visited_on)} 岁"
    police = {
        "name": "试验患者",
        "sex": "男",
        "age": age,
        "address": "东街道东一社区3组18号",
        "level": "4 级",
        "date": recorded.visit.visited_on.isoformat(),
        "previous_level": "",
        "guardian_name": "试验监护人（父母）",
        "guardian_phone": "19900000002",
        "worker": "镇街精防人员东街道（东街道乡镇卫生院（社区卫生服务中心））",
        "worker_phone": "19900000138",
        "advice": advice(4),
    }
    legal = {**police, "address": "东街道东一社区3组"}
    del legal["guardian_phone"]
    assert by_office == {POLICE_A: police, POLICE: police, LEGAL_A: legal, LEGAL: legal}


def test_the_level_before_is_told(world):
    patient = world.patient()
    save(world.worker, patient, 1, 5)
    save(world.worker, patient, 3)
    with scope(world.worker):
        assert set(AlertEntry.objects.values_list("previous_level", flat=True)) == {1}


def test_a_ledger_line_and_an_outbox_row_for_each_person_and_recipient(world):
    patient = world.patient()
    save(world.worker, patient, 3)
    lines = ledger(patient)
    assert sorted(line.recipient_name for line in lines) == sorted(FOUR)
    assert {(line.act, line.basis, line.actor) for line in lines} == {
        ("disclosed", "statutory_duty", world.worker.uuid)
    }
    assert {("guardian_phone" in line.fields, "公安" in line.recipient_name) for line in lines} == {
        (True, True),
        (False, False),
    }
    assert all(len(line.digest) == 32 and line.citation for line in lines)
    with scope(world.worker):
        assert Delivery.objects.filter(delivered_at=None).count() == 4


def test_a_township_without_a_police_station_leaves_the_county(world, told):
    Agency.objects.filter(kind=AgencyKind.POLICE, division=world.places[TOWN_A]).update(is_active=False)
    patient = world.patient()
    recorded = save(world.worker, patient, 3)
    assert [office for office, _, _ in told(patient)] == [LEGAL_A, POLICE, LEGAL]
    assert recorded.alert == cases_of(patient)[LEGAL_A].uuid


def test_without_any_office_the_visit_is_saved_all_the_same(world, told):
    Agency.objects.filter(kind__in=(AgencyKind.POLICE, AgencyKind.POLITICAL_LEGAL)).update(is_active=False)
    patient = world.patient()
    recorded = save(world.worker, patient, 3)
    assert (recorded.created, recorded.alert, told(patient)) == (True, None, [])


def test_a_second_high_assessment_joins_the_case(world, told):
    patient = world.patient()
    first = save(world.worker, patient, 3, 2)
    second = save(world.worker, patient, 4)
    assert first.alert == second.alert
    assert told(patient)[4:] == [(office, "raised_again", "4") for office in FOUR]
    assert {case.level for case in cases_of(patient).values()} == {4}


def test_an_older_high_one_is_an_entry_but_not_the_level(world, told):
    patient = world.patient()
    save(world.worker, patient, 3, 1)
    save(world.worker, patient, 5, 3)
    assert told(patient)[4:] == [(office, "raised_again", "5") for office in FOUR]
    assert {case.level for case in cases_of(patient).values()} == {3}


def test_a_plain_low_visit_costs_one_query(world, django_assert_num_queries):
    from exchange.services.assessing import assess

    patient = world.patient()
    recorded = save(world.worker, patient, 0)
    with scope(world.worker), django_assert_num_queries(1):
        assert assess(visit=recorded.visit, previous_level=None, by=world.worker) is None


def test_another_townships_worker_sees_none_of_it(world):
    patient = world.patient()
    save(world.worker, patient, 3)
    with scope(world.worker_b):
        assert AlertEntry.objects.count() == 0
    with scope(world.stranger):
        assert AlertEntry.objects.count() == 0
