"""What a record says of the person beside the assessment (失访, 已去世, 又访到) holds, whoever wrote it and when."""

from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models import CountyPolicy
from accounts.scope import scope
from followup.models import Visit
from followup.queries.deaths import death_lines
from followup.rules.facts import Choice
from followup.services.corrections import correct_visit
from followup.services.rebuild import rebuild_summaries
from followup.services.visit_import import import_visits
from registry.models import Patient, PatientStatus, TemporaryFile
from registry.rules.table import make_table
from registry.services.away import register_away
from registry.services.status import close_patient, reopen_patient
from registry.signals import whereabouts_changed
from registry.terms import CareStatus
from tests.followup.conftest import Ago, days_ago, good, of_today

pytestmark = pytest.mark.django_db
LOST = {"level": None, "hospital": None, "lost_reason": "3", "seen": ()}
DEAD = {"level": None, "hospital": None, "death_cause": "1", "seen": ("2",)}


def correct(visit, by, day, **changes):
    choice = changes.pop("choice", None)
    with scope(by):
        newest = Visit.objects.select_related("root__patient").get(root=visit.root, is_current=True)
        return correct_visit(
            root=newest.root, version=newest.version, facts=good(day, **changes), by=by, choice=choice
        )  # fmt: skip


def status(world, patient):
    """Also holds the summaries against the records."""
    with scope(world.worker):
        assert rebuild_summaries(check=True) == []
        row = Patient.objects.get(pk=patient.pk)
    return row.status, row.closed_on


@pytest.mark.parametrize("who", ["village_doctor", "psychiatrist"])
def test_whoever_records_that_a_lost_patient_was_reached_ends_the_search(world, record, who):
    patient = world.patient()
    record(patient, world.worker, days_ago(5), **LOST)
    record(patient, getattr(world, who), days_ago(1))
    assert status(world, patient) == ("managed", None)


def test_a_village_doctors_note_of_a_loss_is_the_status_that_the_page_promises(world, record):
    patient = world.patient()
    record(patient, world.village_doctor, days_ago(5), **LOST)
    assert status(world, patient) == ("lost", None)


def test_a_loss_written_down_late_does_not_hide_that_the_patient_was_reached_since(world, record):
    patient = world.patient()
    record(patient, world.worker, days_ago(2))
    record(patient, world.worker, days_ago(5), **LOST)
    assert status(world, patient) == ("managed", None)


def test_a_record_corrected_to_a_loss_makes_the_patient_lost(world, record):
    patient = world.patient()
    visit = record(patient, world.worker, days_ago(5)).visit
    correct(visit, world.worker, days_ago(5), **LOST)
    assert status(world, patient) == ("lost", None)


@pytest.mark.parametrize("who", ["worker", "psychiatrist"])
def test_a_loss_that_was_a_slip_of_the_pen_is_taken_back_with_the_record(world, record, who):
    heard = []

    def hear(sender, **facts):
        heard.append((facts["was"], facts["value"], facts["mistaken"]))

    patient = world.patient()
    visit = record(patient, world.worker, days_ago(5), **LOST).visit
    whereabouts_changed.connect(hear)
    correct(visit, getattr(world, who), days_ago(5))
    whereabouts_changed.disconnect(hear)
    assert status(world, patient) == ("managed", None)
    assert heard == [("lost", "managed", True)]


def test_of_two_notes_of_a_loss_one_corrected_leaves_the_patient_lost(world, record):
    patient = world.patient()
    first = record(patient, world.worker, days_ago(9), **LOST).visit
    record(patient, world.worker, days_ago(2), **LOST)
    correct(first, world.worker, days_ago(9))
    assert status(world, patient) == ("lost", None)


def test_a_record_corrected_to_a_death_closes_the_file(world, record):
    patient = world.patient()
    visit = record(patient, world.worker, days_ago(2)).visit
    correct(visit, world.worker, days_ago(2), died_on=days_ago(4), **DEAD)
    assert status(world, patient) == ("dead", days_ago(4))


# --- a death noted by somebody who may not close files --------------------------------------------------------------


def lines(by):
    with scope(by):
        return [(line.verb, line.href, line.person) for line in death_lines(by, days_ago(0))]


def test_a_village_doctors_note_of_a_death_waits_on_the_townships_list_until_the_file_is_closed(world, record):
    patient = world.patient()
    record(patient, world.village_doctor, days_ago(1), died_on=days_ago(3), **DEAD)
    assert status(world, patient) == ("managed", None)
    assert lines(world.worker) == [("核实结案", reverse("registry:patient_close", args=[patient.uuid]), patient.uuid)]
    assert lines(world.village_doctor) == lines(world.worker_b) == []
    with scope(world.worker):
        mine = Patient.objects.get(pk=patient.pk)
        close_patient(
            patient=mine, value=CareStatus.DEAD, on=days_ago(3), reason="核实", death_cause="1", by=world.worker
        )
    assert lines(world.worker) == []
    with scope(world.worker):  # it was somebody else: the file goes on, and nobody is asked again
        mine = Patient.objects.get(pk=patient.pk)
        reopen_patient(patient=mine, on=days_ago(3), reason="记错人", by=world.worker)
    assert lines(world.worker) == []


def test_a_note_of_a_death_is_over_when_the_patient_was_seen_after_it(world, record):
    patient = world.patient()
    record(patient, world.village_doctor, days_ago(3), died_on=days_ago(3), **DEAD)
    record(patient, world.worker, days_ago(1))
    assert lines(world.worker) == []


def test_a_record_before_the_note_though_dated_after_the_death_does_not_hide_it(world, record):
    patient = world.patient()
    record(patient, world.worker, days_ago(5))
    record(patient, world.village_doctor, days_ago(2), died_on=days_ago(9), **DEAD)
    assert [verb for verb, _href, _person in lines(world.worker)] == ["核实结案"]


@pytest.mark.parametrize(
    ("who", "words"),
    [("worker", "档案从死亡日期起结案，不再列入今日工作"), ("village_doctor", "由乡镇核实死亡后结案")],
)
def test_the_form_promises_what_will_happen(world, log_in, who, words):
    patient = world.patient()
    client = log_in(getattr(world, who))
    said = {"visited_on": days_ago(0).isoformat(), "form": "2", "died_on": days_ago(1).isoformat(), "death_cause": "1"}
    text = client.post(reverse("followup:visit_judge", args=[patient.uuid]), said).content.decode()
    assert words in text


# --- a death before the day on which the patient was called lost ----------------------------------------------------


def test_a_lost_patient_found_to_have_died_before_is_closed_on_the_true_day(world, record):
    patient = world.patient()
    record(patient, world.worker, days_ago(20), **LOST)
    with scope(world.worker):
        mine = Patient.objects.get(pk=patient.pk)
        close_patient(
            patient=mine, value=CareStatus.DEAD, on=days_ago(40), reason="家属告知", death_cause="1", by=world.worker
        )
        rows = list(PatientStatus.objects.filter(patient=patient).order_by("starts_on").values_list("value", flat=True))
    assert status(world, patient) == ("dead", days_ago(40))
    assert rows == ["managed", "dead"]


# --- what a correction does not speak of stays ----------------------------------------------------------------------


def test_a_correction_through_the_interface_keeps_the_doctors_own_class_and_day(world, log_in, record):
    chosen = Choice(1, days_ago(-5), "")
    visit = record(world.patient(), world.worker, days_ago(2), level=1, choice=chosen).visit
    client = log_in(world.worker)
    answer = client.patch(
        f"/api/v1/visits/{visit.root.uuid}/", {"version": 1, "sleep": 3}, content_type="application/json"
    )
    assert (answer.json()["classification"], answer.json()["next_due_on"]) == (1, days_ago(-5).isoformat())


def test_a_correction_through_the_interface_lets_the_rule_follow_where_nothing_was_chosen(world, log_in, record):
    visit = record(world.patient(), world.worker, days_ago(2), level=0).visit
    client = log_in(world.worker)
    answer = client.patch(
        f"/api/v1/visits/{visit.root.uuid}/", {"version": 1, "level": 1}, content_type="application/json"
    )
    assert (answer.json()["classification"], answer.json()["reason"]) == (2, "基本稳定，两周内复查")


# --- a late record is judged by the rules of its own day ------------------------------------------------------------


@pytest.fixture
def shorter_since_yesterday(world):
    CountyPolicy.objects.create(county=world.county, key="fair_days", value=7, starts_on=days_ago(1))


def due_of(world, patient):
    with scope(world.worker):
        return Visit.objects.current().get(patient=patient).due_reason


@pytest.mark.parametrize(("ago", "rule"), [(1, "基本稳定，一周内复查"), (2, "基本稳定，两周内复查")])
def test_the_form_judges_and_shows_a_late_record_by_the_rules_of_its_day(
    world, log_in, shorter_since_yesterday, ago, rule
):
    patient, client = world.patient(), log_in(world.worker)
    said = {"visited_on": days_ago(ago).isoformat(), "form": "2", "seen": "1", "level": "1", "form_id": str(uuid4())}
    shown = client.post(reverse("followup:visit_judge", args=[patient.uuid]), said).content.decode()
    assert rule in shown
    client.post(reverse("followup:visit_new", args=[patient.uuid]), said)
    assert due_of(world, patient) == rule


@pytest.mark.parametrize(
    ("ago", "rule"), [(20, "基本稳定，两周内复查"), (9, "基本稳定，一周内复查"), (3, "基本稳定，一周内复查")]
)
def test_a_file_judges_each_row_by_the_rules_of_its_day(world, person, ago, rule):
    CountyPolicy.objects.create(county=world.county, key="fair_days", value=7, starts_on=days_ago(9))
    patient, number = person()
    row = {"身份证号": number, "随访日期": days_ago(ago).isoformat(), "随访形式": "2", "随访对象": "1", "危险性": "1"}
    import_visits(table=make_table([list(row), list(row.values())]), by=world.worker)
    assert due_of(world, patient) == rule


@pytest.mark.parametrize(
    ("said", "words", "never"),
    [
        pytest.param({"level": "1"}, "以前的通报解除或等精神科医师复核", "不通报任何部门", id="fell"),
        pytest.param({"lost_reason": "3"}, "会收到失访的通知", "不通报任何部门", id="lost"),
        pytest.param({"level": "1", "ago": 9}, "不通报任何部门", "以前的通报", id="before-it"),
    ],
)
def test_the_form_says_that_offices_hear_of_a_fall_or_a_loss(world, log_in, record, said, words, never):
    patient, client = world.patient(), log_in(world.worker)
    record(patient, world.worker, days_ago(2), level=3)
    said = {"form": "3", "seen": "1", **said}
    said["visited_on"] = days_ago(said.pop("ago", 0)).isoformat()
    text = client.post(reverse("followup:visit_judge", args=[patient.uuid]), said).content.decode()
    assert words in text
    assert never not in text


# --- what saving says ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "ago", "told", "not_told"),
    [
        pytest.param("4", 0, "已通报派出所和综治中心", "没有解除", id="higher-again"),
        pytest.param("4", 9, "以前的通报还没有解除", "已通报", id="too-late-to-be-told"),
    ],
)
def test_saving_says_that_offices_were_told_only_when_they_were(world, log_in, record, level, ago, told, not_told):
    patient, client = world.patient(), log_in(world.worker)
    record(patient, world.worker, days_ago(0), level=3)
    said = {
        "visited_on": days_ago(ago).isoformat(), "form": "3", "seen": "1", "level": level, "basis": "打人",
        "form_id": str(uuid4()),
    }  # fmt: skip
    with scope(world.worker):
        said["again"] = str(Visit.objects.current().get(patient=patient).root.uuid)
    text = client.post(reverse("followup:visit_new", args=[patient.uuid]), said, follow=True).content.decode()
    assert f"已保存 {patient.name}" in text
    assert told in text
    assert not_told not in text


def test_a_correction_that_brings_self_harm_below_level_four_asks_for_confirmation(world, log_in, record):
    visit = record(world.patient(), world.worker, days_ago(1), level=1).visit
    client, page = log_in(world.worker), reverse("followup:visit_correct", args=[visit.root.uuid])
    said = {
        "visited_on": days_ago(1).isoformat(), "form": "2", "seen": "1", "level": "1", "self_harm": "1", "version": "1",
    }  # fmt: skip
    hidden = '<input type="hidden" name="confirmed"'
    assert hidden not in client.get(page).content.decode()
    refused = client.post(page, said)
    assert refused.status_code == 400
    assert "一般至少评 4 级" in refused.content.decode()
    assert client.post(page, said | {"confirmed": "1"}).status_code == 302
    assert hidden in client.get(page).content.decode()  # confirmed once: the record says so already


# --- what no longer stands on the page is no answer ------------------------------------------------------------------


def test_a_severe_side_effect_taken_over_from_the_last_record_ends_with_the_answer_that_there_is_none(
    world, log_in, record
):
    patient, client = world.patient(), log_in(world.worker)
    record(patient, world.worker, days_ago(20), side_effect=2, severe_side_effect=True, side_effect_text="震颤")
    said = dict.fromkeys(("insight", "self_care", "housework", "work", "learning", "social", "seen"), "1") | {
        "visited_on": days_ago(0).isoformat(), "form": "2", "level": "0", "form_id": str(uuid4()),
        "side_effect": "1", "severe_side_effect": "1", "side_effect_text": "震颤",  # hidden, but the browser sends them
        "symptom_text": "别的", "referral": "1", "referral_reason": "病情变化",
    }  # fmt: skip
    shown = client.post(reverse("followup:visit_judge", args=[patient.uuid]), said).content.decode()
    assert "有严重药物不良反应" not in shown
    client.post(reverse("followup:visit_new", args=[patient.uuid]), said)
    with scope(world.worker):
        saved = Visit.objects.current().get(patient=patient, visited_on=days_ago(0))
    assert (saved.stability, saved.severe_side_effect, saved.side_effect_text) == (3, False, "")
    assert (saved.symptom_text, saved.referral_reason) == ("", "")


def test_what_is_asked_is_kept(world, log_in):
    patient, client = world.patient(), log_in(world.worker)
    said = {
        "visited_on": days_ago(0).isoformat(), "form": "2", "seen": "1", "level": "0", "form_id": str(uuid4()),
        "side_effect": "2", "severe_side_effect": "1", "side_effect_text": "震颤", "symptoms": ["1", "12"],
        "symptom_text": "别的", "referral": "2", "referral_reason": "病情变化", "hospital": "2",
        "discharged_on": days_ago(9).isoformat(), "rehab": "5", "rehab_text": "园艺", "lab": "2", "lab_text": "血常规",
    }  # fmt: skip
    client.post(reverse("followup:visit_new", args=[patient.uuid]), said)
    with scope(world.worker):
        saved = Visit.objects.current().get(patient=patient)
    assert (saved.stability, saved.side_effect_text, saved.symptom_text, saved.rehab_text) == (
        1,
        "震颤",
        "别的",
        "园艺",
    )
    assert (saved.referral_reason, saved.lab_text, saved.discharged_on) == ("病情变化", "血常规", days_ago(9))


@pytest.mark.parametrize(
    "note", [{"lost_reason": "3"}, {"died_on": Ago(1), "death_cause": "1"}], ids=["lost", "dead"]
)  # fmt: skip
def test_a_note_of_a_loss_or_a_death_holds_nothing_that_the_form_took_over_from_the_last_record(
    world, log_in, record, note
):
    patient, client = world.patient(), log_in(world.worker)
    record(patient, world.worker, days_ago(20), level=None, hospital=1, insight=2, symptoms=(1,), adherence=1)
    page = reverse("followup:visit_new", args=[patient.uuid])
    said = {
        "visited_on": days_ago(0).isoformat(), "form": "3", "form_id": str(uuid4()), "hospital": "1", "insight": "2",
        "symptoms": "1", "adherence": "1", "guidance_same": "on", **of_today(note, iso=True),
    }  # fmt: skip
    assert client.post(page, said).status_code == 302
    with scope(world.worker):
        saved = Visit.objects.current().get(patient=patient, visited_on=days_ago(0))
    assert (saved.complete, saved.hospital, saved.insight, saved.symptoms, saved.adherence) == (
        False, None, None, [], None,
    )  # fmt: skip
    assert status(world, patient)[0] == ("lost" if "lost_reason" in note else "dead")


def test_a_loss_and_a_stay_in_hospital_do_not_go_together_in_a_file_or_through_the_interface(world, log_in, person):
    patient, number = person()
    row = {"身份证号": number, "随访日期": days_ago(9).isoformat(), "随访形式": "2", "随访对象": "2", "危险性": "",
           "住院情况": "1", "失访原因": "3"}  # fmt: skip
    found = import_visits(table=make_table([list(row), list(row.values())]), by=world.worker)
    assert [(one.column, one.reason) for one in found.refusals] == [
        ("住院情况", "失访的记录不填目前正在住院。请改选住院情况，或去掉失访原因。")
    ]
    said = {"visited_on": days_ago(1).isoformat(), "form": "2", "hospital": 1, "lost_reason": "3"}
    answer = log_in(world.worker).post(
        f"/api/v1/patients/{patient.uuid}/visits/", said, content_type="application/json"
    )
    assert list(answer.json()["fields"]) == ["hospital"]


def test_the_head_of_the_form_says_who_is_logged_in(world, log_in):
    page = log_in(world.worker).get(reverse("followup:visit_new", args=[world.patient().uuid])).content.decode()
    assert f'aria-label="{world.worker.display_name}，' in page
    assert f'data-me="{world.worker.uuid}"' in page


@pytest.mark.parametrize("who", ["village_doctor", "psychiatrist"])
def test_a_loss_during_a_journey_ends_the_temporary_file_and_the_offices_hear_of_loss_and_return(world, record, who):
    patient, by = world.patient(), getattr(world, who)
    record(patient, world.worker, days_ago(9), level=3)
    with scope(world.worker):
        mine = Patient.objects.get(pk=patient.pk)
        register_away(patient=mine, on=days_ago(8), by=world.worker, to_township=world.town_b, until=days_ago(-90))
    record(patient, by, days_ago(2), **LOST)
    assert status(world, patient) == ("lost", None)
    with scope(world.worker):
        assert list(TemporaryFile.objects.filter(patient=patient).values_list("ended_on", flat=True)) == [days_ago(2)]
    record(patient, by, days_ago(1), level=3)
    assert status(world, patient) == ("managed", None)


@pytest.mark.parametrize(("who", "shown"), [("worker", True), ("village_doctor", False)])
def test_the_receipts_stand_on_the_day_of_whoever_may_see_them(world, log_in, who, shown):
    client = log_in(getattr(world, who))
    page = client.get(reverse("followup:worklist")).content.decode()
    assert (reverse("exchange:receipts") in page, reverse("exchange:sent") in page) == (shown, shown)
    assert (client.get(reverse("exchange:receipts")).status_code == 200) is shown
