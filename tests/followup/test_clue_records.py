"""Incidents and disposals of somebody without a file: they hang on the clue, go over with it and are forgotten with it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.queries.work import work_lines
from accounts.refusals import Denied, NotHere, Refused
from accounts.rules.work import Topic
from accounts.scope import scope
from accounts.terms import AgencyKind, Role
from exchange.models import Alert
from followup.models import Emergency, EmergencyCheck, Incident
from followup.queries.incidents import incidents_of
from followup.rules.incidents import IncidentFacts
from followup.services.emergencies import open_emergency, record_check, write_emergency
from followup.services.incidents import amend_incident, confirm_incident, end_incident, record_incident
from followup.services.refusals import FormUsed
from followup.terms import IncidentState
from registry.models import Clue
from registry.rules.clues import Outcome
from registry.services.clues import assign_clue, link_clue, record_survey, send_clue, settle_clue
from registry.tasks import forget_clues as nightly
from registry.terms import ClueState
from tests import factories
from tests.conftest import VILLAGE_A1, VILLAGE_B1
from tests.followup.test_emergencies import paper
from tests.registry.test_clues import report

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def clue(world: Any) -> Clue:
    place = world.places[VILLAGE_A1]
    office = factories.make_agency(AgencyKind.VILLAGE_COMMITTEE, place)
    return report(world, factories.make_user(Role.VILLAGE_CLERK, place, office), id_number="500242198001010010")


def happened(clue: Any, by: User, **more: Any) -> Incident:
    facts = IncidentFacts(
        happened_at=timezone.localtime() - 2 * HOUR, **{"level": 4, "trouble": 1, "place": "村口", **more}
    )
    with scope(by):
        return record_incident(about=clue, facts=facts, form_id=uuid4(), by=by)


def confirmed(world: Any, row: Incident) -> Incident:
    with scope(world.county_office):
        return confirm_incident(incident=row, source="1", by=world.county_office)


def disposal(clue: Any, by: User) -> Emergency:
    with scope(by):
        row = open_emergency(about=clue, started_at=timezone.localtime() - 3 * HOUR, form_id=uuid4(), by=by)
        row = write_emergency(emergency=row, facts=paper(timezone.localtime() - 3 * HOUR), by=by)
        record_check(
            emergency=row, checked_at=timezone.localtime() - HOUR, stable=True, note="安静", form_id=uuid4(), by=by
        )
        return row


def through(world: Any, clue: Clue, state: ClueState) -> Clue:
    """The clue on its way to a result."""
    by, today = world.worker, timezone.localdate()
    with scope(by):
        clue = assign_clue(clue=clue, to=by, by=by)
        clue = record_survey(clue=clue, on=today, items=(3,), learned={}, by=by)
        clue = send_clue(clue=clue, on=today, hospital="甲县医院", by=by)
        words = {"diagnosis": "01", "hospital": "甲县医院", "doctor": "赵医师", "reason": "会诊不支持"}
        return settle_clue(clue=clue, outcome=Outcome(state=state, on=today, **words), by=by)


def registered(world: Any, clue: Clue, village: str = VILLAGE_A1) -> Any:
    patient = world.patient(village, "线索甲")
    through(world, clue, ClueState.CONFIRMED)
    with scope(world.county_office):
        link_clue(clue=clue, patient=patient, by=world.county_office)
    return patient


def raw(table: str, column: str, key: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE id = %s", [key])
        return cursor.fetchone()[0]


def test_the_worker_records_and_the_county_confirms_without_telling_anybody(world, clue):
    row = confirmed(world, happened(clue, world.worker))
    assert (row.patient_id, row.duty_township, row.tells) == (None, world.town_a.pk, False)
    with scope(world.county_office):
        assert not Alert.objects.exists()
        assert [one.pk for one in incidents_of(clue)] == [row.pk]


@pytest.mark.parametrize("who", ["worker_b", "village_doctor", "psychiatrist"])
def test_who_does_not_handle_the_places_clues_neither_records_nor_reads(world, clue, who, log_in):
    by = getattr(world, who)
    with pytest.raises((Denied, NotHere)):
        happened(clue, by)
    row = happened(clue, world.worker)
    answers = {log_in(by).get(reverse("followup:incident", args=[row.uuid])).status_code,
               log_in(by).get(reverse("followup:clue_care", args=[clue.uuid])).status_code}  # fmt: skip
    assert answers <= {403, 404}
    with scope(by):
        lines = work_lines(by, timezone.localdate())
    assert str(row.uuid) not in str(lines)


def test_the_confirmation_stands_on_todays_list_of_the_county(world, clue):
    row = happened(clue, world.worker)
    with scope(world.county_office):
        found = work_lines(world.county_office, timezone.localdate())[Topic.DANGER]
    lines = [line for line in found if str(row.uuid) in line.href]
    assert [(line.name, line.verb) for line in lines] == [("线索甲", "核对确认")]


def test_a_form_sent_twice_is_one_incident_and_a_strangers_form_is_refused(world, clue):
    form, facts = uuid4(), IncidentFacts(happened_at=timezone.localtime() - HOUR, level=3, trouble=1, place="村口")
    by, patient = world.worker, world.patient()
    with scope(by):
        first = record_incident(about=clue, facts=facts, form_id=form, by=by)
        assert record_incident(about=clue, facts=facts, form_id=form, by=by) == first
        with pytest.raises(FormUsed):
            record_incident(about=patient, facts=facts, form_id=form, by=by)


def test_a_record_about_nobody_is_refused_by_the_database(world, clue):
    row = happened(clue, world.worker)
    with scope(world.worker), pytest.raises(DatabaseError), transaction.atomic():
        Incident.objects.filter(pk=row.pk).update(clue=None)


def test_with_the_file_everything_goes_over_and_the_confirmed_incident_is_told(world, clue, log_in):
    row, told = happened(clue, world.worker), confirmed(world, happened(clue, world.worker))
    emergency = disposal(clue, world.worker)
    patient = registered(world, clue)
    with scope(world.worker):
        assert set(Incident.objects.filter(patient=patient).values_list("pk", flat=True)) == {row.pk, told.pk}
        assert Emergency.objects.get(pk=emergency.pk).patient_id == patient.pk
        assert EmergencyCheck.objects.get(emergency=emergency).patient_id == patient.pk
        assert incidents_of(clue) == []
        assert Incident.objects.get(pk=told.pk).tells is True
        assert Incident.objects.get(pk=row.pk).tells is False
    with scope(world.county_office):
        assert Alert.objects.filter(patient=patient).count() == 4  # each office once
    page = log_in(world.worker).get(reverse("followup:care", args=[patient.uuid])).content.decode()
    assert page.count("肇事 1 次") == 2
    end = {"incident": told, "to": IncidentState.CLOSED, "because": "处置完毕", "by": world.county_office}
    with scope(world.county_office), pytest.raises(Refused, match="刚刚建档"):  # a page opened before
        end_incident(**end)


def test_records_follow_a_person_whose_file_lies_in_another_township(world, clue):
    row = happened(clue, world.worker)
    patient = registered(world, clue, village=VILLAGE_B1)
    with scope(world.county_office):
        assert Incident.objects.get(pk=row.pk).duty_township == patient.duty_township != world.town_a.pk
    with scope(world.worker):
        assert not Incident.objects.filter(pk=row.pk).exists()


def test_nobody_carries_records_of_a_clue_that_has_no_file(world, clue):
    happened(clue, world.worker)
    for function in ("carry_clue_records", "forget_clue_records"):
        with scope(world.worker), pytest.raises(DatabaseError, match="clue"), transaction.atomic():
            connection.cursor().execute(f"SELECT {function}(%s)", [clue.pk])


def test_the_night_forgets_what_was_said_and_keeps_the_counts(world, clue, log_in):
    row, emergency = happened(clue, world.worker), disposal(clue, world.worker)
    through(world, clue, ClueState.EXCLUDED)
    assert nightly() == 0
    with scope(world.worker):
        Clue.objects.filter(pk=clue.pk).update(settled_on=timezone.localdate() - timedelta(days=200))
    assert nightly() == 1
    with scope(world.worker):
        row_now = Incident.objects.get(pk=row.pk)
        assert (row_now.details, row_now.trouble, row_now.level) == (None, 1, 4)
        assert (raw("followup_emergency", "content", emergency.pk), Emergency.objects.get().state) == (None, "written")
        assert raw("followup_emergencycheck", "note", EmergencyCheck.objects.get().pk) is None
    page = log_in(world.worker).get(reverse("followup:incident", args=[row.uuid])).content.decode()
    assert "个人信息已删去" in page
    assert "村口" not in page
    assert reverse("followup:incident_edit", args=[row.uuid]) not in page
    again = IncidentFacts(happened_at=row.happened_at, level=4, trouble=1, place="村口", harm="名字")
    with scope(world.worker), pytest.raises(Refused, match="已按规定删去"):
        amend_incident(incident=row_now, version=1, facts=again, by=world.worker)
    assert log_in(world.worker).get(reverse("followup:emergency_print", args=[emergency.uuid])).status_code == 302


def test_an_excluded_clue_takes_no_new_incident(world, clue):
    through(world, clue, ClueState.EXCLUDED)
    with pytest.raises(Refused, match="已经办结"):
        happened(clue, world.worker)


def test_history_of_such_a_record_is_seen_where_the_clue_is(world, clue):
    happened(clue, world.worker)
    seen = "SELECT count(*) FROM followup_incidenthistoryevent"
    for by, number in ((world.worker, 1), (world.worker_b, 0)):
        with scope(by), connection.cursor() as cursor:
            cursor.execute(seen)
            assert cursor.fetchone() == (number,)


def test_the_three_copies_say_where_the_person_stands(world, clue, log_in):
    client = log_in(world.worker)
    answer = client.post(
        reverse("followup:clue_emergency_new", args=[clue.uuid]),
        {"started_at": f"{timezone.localtime() - HOUR:%Y-%m-%d %H:%M}", "form_id": str(uuid4())},
    )
    form = client.get(answer.url).content.decode()
    assert 'value="4" id="id_subject_3" checked' in form
    row = disposal(clue, world.worker)
    sheets = client.get(reverse("followup:emergency_print", args=[row.uuid])).content.decode()
    assert sheets.count("线索甲") == 3
    assert "198001010010" not in sheets
