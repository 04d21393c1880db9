"""The database's own walls, for every table of the register, as the role `app`."""

from datetime import UTC, date, datetime
from itertools import count
from uuid import UUID

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from accounts.models import Placed
from accounts.scope import scope
from registry.models import DutyPeriod, Patient, PatientStatus
from tests.conftest import VILLAGE_A1, VILLAGE_B1, VILLAGE_C1, make_world
from tests.kept import made_once

pytestmark = pytest.mark.django_db
PLACED = sorted(
    (m for m in apps.get_app_config("registry").get_models() if issubclass(m, Placed)), key=lambda m: m.__name__
)
CHILDREN = [m for m in PLACED if m is not Patient]
EVENTS = sorted(
    (m for m in apps.get_app_config("registry").get_models() if hasattr(m, "pgh_tracked_model")),
    key=lambda m: m.__name__,
)
FACTS = {
    "PatientStatus": {"value": "managed"},
    "DutyPeriod": {"township": "TOWN", "county": "COUNTY"},
    "Diagnosis": {"code": "01"},
    "Consent": {"agreed": True},
    "SharingConsent": {"agency_kind": "political_legal", "agreed": True},
    "Guardian": {"name": "试验监护人"},
    "EconomicStatus": {"poor": True},
    "DeathReport": {
        "agency": "AGENCY",
        "died_on": date(2025, 1, 1),
        "settled_at": datetime(2025, 1, 2, tzinfo=UTC),
        "was_true": False,
    },
    "Referral": {
        "person": UUID(int=7),
        "direction": "up",
        "state": "cancelled",
        "from_agency": "AGENCY",
        "to_name": "试验医院",
        "category": "general",
        "reason": "other",
        "slip": {},
        "proposed_on": date(2025, 1, 1),
    },
    "GreenChannel": {
        "hospital_name": "试验医院",
        "sent_by": "kin",
        "arrived_on": date(2025, 1, 1),
        "entered_by": "USER",
    },
    "AdmissionHelp": {
        "direction": "in",
        "state": "done",
        "asked_on": date(2025, 1, 1),
        "guardian": "able",
        "signer": "guardian",
        "due_on": date(2025, 1, 6),
        "entered_by": "USER",
    },
    "Admission": {"admitted_on": date(2025, 1, 1), "discharged_on": date(2025, 1, 1), "hospital_name": "试验医院"},
    "MergeProposal": {
        "other": UUID("00000000-0000-4000-8000-000000000001"),
        "other_number": 1,
        "state": "different",
        "choices": {},
        "seen": "1,1",
        "reason": "不是同一人",
        "proposed_by": "USER",
    },
    "ParkedChange": {"field": "phone", "value": "19900000009", "digest": "SERIAL_BYTES", "parked_by": "USER"},
    "Address": {"kind": "residence", "division": "TOWN", "source": "opened"},
    "IdentityStep": {"state": "waiting", "on": date(2025, 1, 1), "by": "USER"},
    "Objection": {"made_on": date(2025, 1, 1), "made_by": "patient", "about": "facts", "entered_by": "USER"},
    "Companion": {"slot": "grid", "role": "grid", "name": "试验网格员"},
    "Guardianship": {"state": "effective"},
    "SocialFact": {"kind": "dibao", "holds": True, "source": "civil_affairs"},
    "FormSheet": {"form": "basics", "answers": {}, "filled_by": "USER"},
    "GuardianTraining": {"topic": "用药", "hours": 1, "attended": "试验监护人"},
    "Scan": {"kind": "consent", "form": "pdf", "size": 5, "digest": "SERIAL", "content": b"%PDF-", "kept_by": "USER"},
}


SERIAL = count(1)


def named(model):
    return model.__name__


def every_child():
    """Placed tables of every floor that name a patient: the hand-over finds them in the catalog."""
    placed = [m for m in apps.get_models() if issubclass(m, Placed)]
    return [m for m in placed if any(f.name == "patient" for f in m._meta.concrete_fields)]


def refused(work):
    """The database says no; the transaction lives on."""
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        work()
    return str(error.value)


def one(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """The world and two people of it."""
    with made_once(django_db_blocker, world_of_two) as copy:
        yield copy


@pytest.fixture
def world(made, db):
    return made()[0]


@pytest.fixture
def two(made, world):
    return made()[1:]


def world_of_two():
    world = make_world()
    return world, *two_patients(world)


def two_patients(world):
    """A patient in the eastern and one in the far township, each with a row in every table of the register."""
    here, there = world.patient(VILLAGE_A1), world.patient(VILLAGE_C1)
    with scope(counties=[world.county.pk, world.town_c.parent_id]):
        for patient in (here, there):
            for model in CHILDREN:
                if not model.objects.filter(patient=patient).exists():
                    fact(model, patient, world, on=patient.opened_on).save()
    return here, there


def fact(model, patient, world, on=date(2025, 1, 1), **more):
    """A row of any child table: its values stand in FACTS; a word in capitals names something of the world."""
    known = {
        "TOWN": world.town_a,
        "COUNTY": world.county,
        "USER": world.county_office,
        "SERIAL": str(next(SERIAL)),
        "AGENCY": world.hospital.agency,
        "SERIAL_BYTES": next(SERIAL).to_bytes(4),
    }
    values = {
        name: known.get(value, value) if isinstance(value, str) else value
        for name, value in FACTS[model.__name__].items()
    }
    if any(field.name == "starts_on" for field in model._meta.fields):
        values["starts_on"] = on
    return model(patient=patient, **values | more)


def may_delete(model):
    return one("SELECT has_table_privilege('app', %s, 'DELETE')", model._meta.db_table)


def may_update(model):
    return one("SELECT has_any_column_privilege('app', %s, 'UPDATE')", model._meta.db_table)


def patients_of(model):
    rows = model.objects.all()
    return set(rows.values_list("pk" if model is Patient else "patient_id", flat=True))


@pytest.mark.parametrize("model", PLACED, ids=named)
def test_own_rows_are_seen_others_are_not(model, two, world):
    here, there = two
    with scope(townships=[world.town_a.pk]):
        assert patients_of(model) == {here.pk}
    with scope(counties=[there.duty_county]):
        assert patients_of(model) == {there.pk}
    with scope(patients=[there.pk]):
        assert patients_of(model) == {there.pk}
    with scope(counties=[here.duty_county, there.duty_county]):
        assert patients_of(model) == {here.pk, there.pk}


@pytest.mark.parametrize("model", [*PLACED, *EVENTS], ids=named)
def test_without_a_reach_there_are_no_rows(model, two):
    assert model.objects.count() == 0


@pytest.mark.parametrize("model", EVENTS, ids=named)
def test_history_is_seen_by_who_sees_the_patient(model, two, world):
    here, there = two
    field = "pgh_obj_id" if model.pgh_tracked_model is Patient else "patient_id"
    with scope(townships=[world.town_a.pk]):
        assert set(model.objects.values_list(field, flat=True)) == {here.pk}
    with scope(counties=[there.duty_county]):
        assert set(model.objects.values_list(field, flat=True)) == {there.pk}


@pytest.mark.parametrize("model", CHILDREN, ids=named)
def test_a_child_cannot_be_written_for_a_patient_elsewhere(model, two, world):
    here, there = two
    with scope(townships=[world.town_a.pk]):
        place = {"duty_township": world.town_a.pk, "duty_county": world.county.pk, "at_township": world.town_a.pk}
        assert "no rows" in refused(lambda: fact(model, there, world, **place).save())
        mine = fact(model, here, world, duty_township=world.town_c.pk, duty_county=there.duty_county)
        mine.save()
        mine.refresh_from_db()
        assert (mine.duty_township, mine.duty_county, mine.at_township) == (
            world.town_a.pk, world.county.pk, world.town_a.pk,
        )  # fmt: skip


@pytest.mark.parametrize("model", PLACED, ids=named)
def test_rows_elsewhere_cannot_be_changed_or_deleted(model, two, world):
    _here, there = two
    with scope(townships=[world.town_a.pk]):
        rows = model.objects.filter(**{"pk" if model is Patient else "patient_id": there.pk})
        if may_update(model):
            assert rows.update(at_township=0) == 0
        else:
            assert "permission denied" in refused(lambda: rows.update(at_township=0))
        if may_delete(model):
            assert rows._raw_delete(rows.db) == 0
        else:
            assert "permission denied" in refused(lambda: rows._raw_delete(rows.db))


@pytest.mark.parametrize("model", PLACED, ids=named)
@pytest.mark.parametrize("arm", ["township", "county", "grant"])
def test_no_reach_moves_a_row(model, arm, two, world):
    here, _there = two
    reach = {
        "township": {"townships": [world.town_a.pk, world.town_b.pk]},
        "county": {"counties": [world.county.pk]},
        "grant": {"patients": [here.pk]},
    }[arm]
    with scope(**reach):
        why = "hand_over" if may_update(model) else "permission denied"
        assert why in refused(lambda: model.objects.update(duty_township=world.town_b.pk))


def test_a_patient_cannot_be_opened_elsewhere(two, world):
    here, there = two
    with scope(townships=[world.town_a.pk]):
        other = Patient(number=9999, name="乙", temporary_number="L1", opened_on=here.opened_on)
        other.duty_township, other.duty_county = there.duty_township, there.duty_county
        assert "row-level security" in refused(other.save)


def test_hand_over_demands_the_newest_duty_period(two, world):
    here, _there = two
    call = "SELECT hand_over(%s, %s, %s, %s)"
    with scope(townships=[world.town_a.pk]):
        arguments = (here.pk, world.town_a.pk, world.town_b.pk, world.county.pk)
        assert "no duty period" in refused(lambda: one(call, *arguments))
        DutyPeriod.objects.create(patient=here, starts_on=date(2025, 6, 1), township=world.town_b, county=world.county)
        assert "no such township" in refused(lambda: one(call, here.pk, world.town_a.pk, world.town_b.pk, 1))
        assert "no such patient" in refused(
            lambda: one(call, here.pk, world.town_c.pk, world.town_b.pk, world.county.pk)
        )
        rows = sum(model.objects.filter(patient=here).count() for model in every_child())
        assert one(call, *arguments) == rows
        assert rows >= 7  # 2 duty periods, status, diagnosis, consent, guardian, economy; and the floors above
        assert Patient.objects.count() == 0
    with scope(townships=[world.town_b.pk]):
        moved = Patient.objects.get()
        assert (moved.duty_township, moved.at_township, moved.number) == (world.town_b.pk, world.town_a.pk, here.number)
        for model in CHILDREN:
            assert set(model.objects.values_list("duty_township", "at_township")) == {
                (world.town_b.pk, world.town_a.pk)
            }
        assert moved.history_events.filter(pgh_label="update").count() == 0  # a hand-over is no change of the person


def test_a_day_to_come_hands_nothing_over(two, world):
    here, _there = two
    with scope(townships=[world.town_a.pk]):
        DutyPeriod.objects.create(patient=here, starts_on=date(2999, 1, 1), township=world.town_b, county=world.county)
        arguments = (here.pk, world.town_a.pk, world.town_b.pk, world.county.pk)
        assert "no duty period" in refused(lambda: one("SELECT hand_over(%s, %s, %s, %s)", *arguments))


def test_another_county_gives_another_number(two, world):
    here, there = two
    county = there.duty_county
    with scope(townships=[world.town_a.pk]):
        DutyPeriod.objects.create(patient=here, starts_on=date(2025, 6, 1), township=world.town_c, county_id=county)
        one("SELECT hand_over(%s, %s, %s, %s)", here.pk, world.town_a.pk, world.town_c.pk, county)
    with scope(counties=[county]):
        assert Patient.objects.get(pk=here.pk).number == there.number + 1


def test_history_has_no_sealed_column_but_says_that_it_changed(two, world):
    here, _there = two
    with scope(townships=[world.town_a.pk]):
        here.phone, here.phone_index = "19900000099", b"9" * 32
        here.save()
        labels = list(here.history_events.order_by("pgh_id").values_list("pgh_label", flat=True))
        assert labels == ["insert", "phone_changed"]
        here.next_due_on = date(2026, 1, 1)
        here.save()
        assert here.history_events.count() == 2  # a carried column is no event


def test_a_dated_fact_stands_once_a_day(two, world):
    here, _there = two
    with scope(townships=[world.town_a.pk]):
        again = PatientStatus(patient=here, starts_on=here.opened_on, value="away")
        assert "patientstatus_once" in refused(again.save)


class TestIdIsKnown:
    def ask(self, index):
        return one("SELECT id_is_known(%s)", index)

    def test_it_answers_over_every_county(self, two, world):
        _here, there = two
        with scope(world.worker):
            assert self.ask(there.id_index) is True
            assert self.ask(b"0" * 32) is False

    def test_nobody_may_not_ask(self, two):
        assert "nobody asks" in refused(lambda: self.ask(b"0" * 32))

    def test_the_twentieth_question_of_an_hour_is_answered_the_next_is_not(self, two, world):
        with scope(world.worker):
            assert [self.ask(b"0" * 32) for _ in range(20)] == [False] * 20
            assert self.ask(two[1].id_index) is None
        with scope(world.worker_b):
            assert self.ask(two[1].id_index) is True

    def test_the_counter_is_closed(self, world):
        for table in ("registry_idquestion", "registry_casenumber"):
            assert "permission denied" in refused(lambda table=table: one(f"TABLE {table}"))


def test_prefix_search_finds_what_begins_so_and_its_operators_pass_the_policy(world, two):
    world.patient(VILLAGE_B1, "冉启华", initials="rqh")
    world.patient(VILLAGE_B1, "冊一", initials="cy")  # the character after 冉
    with scope(world.county_office):
        assert [p.name for p in Patient.objects.filter(name__prefix="冉")] == ["冉启华"]
        assert [p.name for p in Patient.objects.filter(initials__prefix="rq")] == ["冉启华"]
    leakproof = "SELECT bool_and(proleakproof) FROM pg_proc WHERE proname IN ('text_pattern_ge', 'text_pattern_lt')"
    assert one(leakproof) is True  # else the policy would be judged first, over every row
