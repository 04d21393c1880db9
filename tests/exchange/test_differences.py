"""Differences worked by townships, reviewed by the county; who is meant; somebody reported dead."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.form_parts import may_stay_empty
from accounts.refusals import Denied, NotHere, Refused
from accounts.scope import scope
from exchange.forms.inbound import FindingForm
from exchange.models import Difference
from exchange.queries.differences import difference_lines
from exchange.queries.inbound import progress_of
from exchange.queries.inbound_people import shown
from exchange.services.answering import answer_due
from exchange.services.differences import (
    FindingRefused,
    accept_differences,
    place_difference,
    return_difference,
    settle_unsure,
)
from exchange.terms import Conclusion, Evidence, InboundItem, InboundKind
from registry.models import DeathReport
from registry.queries.death_reports import payments_held
from registry.rules.masking import mask_id
from registry.services.clues import link_clue
from registry.services.status import close_patient
from tests import factories
from tests.conftest import TOWN_A, VILLAGE_A1
from tests.exchange.inbound import (
    answer,
    by_police,
    clues,
    compared,
    differences,
    row_of,
    stranger,
)

K = InboundKind
BORN = "1980-05-06"


def test_a_difference_goes_from_the_township_through_the_review_to_the_letter(lists):
    world, office = lists["world"], lists["office"]
    patient = world.patient(VILLAGE_A1, "不同乙")
    row = by_police(lists, [row_of(patient, phone="19900000099")])
    (one,) = differences(lists["county"]).values()
    with scope(world.worker):
        (line,) = [line for line in difference_lines(world.worker, timezone.localdate()) if line.name == "不同乙"]
    assert (line.why, line.verb, line.due_on) == (
        f"与{lists['police_office'].name}名册不一致：联系电话。",
        "核实",
        one.due_on,
    )
    with pytest.raises(FindingRefused, match="档案里还没有更正：联系电话"):
        answer(world.worker, one, "ours_mended")
    assert answer_due() == 0
    answer(world.worker, one, "theirs_wrong")
    with scope(world.worker):
        assert difference_lines(world.worker, timezone.localdate()) == []
    with scope(office):
        (review,) = difference_lines(office, timezone.localdate())
        assert review.why == "1 件核实结果待审核。"
        return_difference(difference=one, because="请再电话核对", by=office)
    with pytest.raises(Refused, match="现在已经是“待审核”"):
        answer(world.worker, answer(world.worker, one, "theirs_wrong", "本人电话为准", Evidence.PHONE), "theirs_wrong")
    with scope(office):
        assert accept_differences(row=row, chosen=[one.uuid], by=office) == 1
        assert accept_differences(row=row, chosen=[one.uuid], by=office) == 0
    assert (answer_due(), answer_due()) == (1, 0)
    row.refresh_from_db()
    assert row.state == "answered"
    with scope(office):
        done = progress_of(lists["county"], timezone.localdate())[row.pk]
        assert (done.total, done.done, done.open) == (1, 1, 0)
    with scope(lists["clerk"]):
        assert progress_of(lists["county"], timezone.localdate())[row.pk] == done
    with scope(world.worker):
        assert progress_of(lists["county"], timezone.localdate()) == {}


def test_the_review_comes_with_nothing_ticked(lists, log_in):
    """One press must not pass what nobody has looked at; 全选 is an act of its own."""
    world = lists["world"]
    patients = [world.patient(VILLAGE_A1, name) for name in ("不同甲", "不同乙")]
    row = by_police(lists, [row_of(one, phone="19900000099") for one in patients])
    for one in differences(lists["county"]).values():
        answer(world.worker, one, "theirs_wrong")
    client, address = log_in(lists["office"]), reverse("exchange:differences_review", args=[row.uuid])
    page = client.get(address).content.decode()
    assert (page.count('name="row"'), page.count(" checked"), page.count('data-all="row"')) == (2, 0, 1)
    client.post(address, {})
    assert "请勾选后再通过" in client.get(address).content.decode()
    assert {one.state for one in differences(lists["county"]).values()} == {"answered"}


def test_nobody_accepts_the_own_answer(lists):
    patient = lists["world"].patient(VILLAGE_A1, "不同乙")
    row = by_police(lists, [row_of(patient, phone="19900000099")])
    (one,) = differences(lists["county"]).values()
    answer(lists["office"], one, "theirs_wrong")
    with scope(lists["office"]), pytest.raises(Refused, match="由另一个人审核"):
        accept_differences(row=row, chosen=[one.uuid], by=lists["office"])


def test_another_township_neither_sees_nor_answers(lists):
    world = lists["world"]
    by_police(lists, [row_of(world.patient(VILLAGE_A1, "不同乙"), phone="19900000099")])
    (one,) = differences(lists["county"]).values()
    with scope(world.worker_b):
        assert not Difference.objects.exists()
        assert difference_lines(world.worker_b, timezone.localdate()) == []
    for user, refusal in ((world.worker_b, NotHere), (world.stranger, NotHere), (lists["police"], Denied)):
        with pytest.raises(refusal):
            answer(user, one, "theirs_wrong")
    with scope(world.worker), pytest.raises(DatabaseError), transaction.atomic():
        one.delete()


def test_a_town_that_has_looked_ends_the_clue_too(lists):
    world = lists["world"]
    by_police(lists, [stranger(), stranger("疑似己", 902)])
    found = differences(lists["county"])
    answer(world.worker, found["only_theirs 外来丁"], "nobody", "村里无此人")
    answer(world.worker, found["only_theirs 疑似己"], "suspect")
    assert [(one.report["name"], one.state) for one in clues(lists["county"])] == [
        ("外来丁", "excluded"), ("疑似己", "reported"),
    ]  # fmt: skip


def test_a_clue_that_ends_in_a_file_answers_its_difference(lists):
    world = lists["world"]
    by_police(lists, [stranger()])
    patient = world.patient(VILLAGE_A1, "外来丁")
    (clue,) = clues(lists["county"])
    with scope(world.worker):
        link_clue(clue=clue, patient=patient, by=world.worker)
        one = Difference.objects.get(clue=clue)
        assert (one.state, one.conclusion, one.patient) == ("answered", "on_file", patient)


def test_somebody_without_a_township_is_placed_by_the_county_and_becomes_a_clue_then(lists):
    office = lists["office"]
    by_police(lists, [stranger() | {"township": ""}])
    (one,) = differences(lists["county"]).values()
    assert (one.township, one.clue, clues(lists["county"])) == (None, None, [])
    with scope(office):
        (line,) = difference_lines(office, timezone.localdate())
        assert line.why == "1 件没有乡镇，待分派。"
        placed = place_difference(difference=one, township=lists["world"].town_b, by=office)
        with pytest.raises(Refused, match="已经跟着患者或线索"):
            place_difference(difference=one, township=lists["world"].town_a, by=office)
    assert placed.clue == clues(lists["county"])[0]


def test_a_person_says_who_is_meant_when_no_number_does(lists):
    world = lists["world"]
    two = [world.patient(VILLAGE_A1, "重名庚"), world.patient(VILLAGE_A1, "重名庚")]
    gone = {"name": "重名庚", "birth_on": BORN, "sex": "男", "township": TOWN_A, "died_on": BORN[:4] + "-06-01"}
    row = compared(lists["civil"], lists["civil_office"], lists["county"], K.DEATHS, [gone])
    assert {name: n for name, n in row.counts.items() if n} == {"unsure": 1}
    (one,) = differences(lists["county"]).values()
    with scope(world.worker), pytest.raises(Refused, match="从列出的人里选"):
        settle_unsure(difference=one, patient=world.patient(VILLAGE_A1, "别人"), by=world.worker)
    with scope(world.worker):
        settled = settle_unsure(difference=one, patient=two[1], by=world.worker)
    assert (settled.found, settled.patient, settled.of_death, settled.state) == ("differs", two[1], True, "open")
    row.refresh_from_db()
    assert {name: n for name, n in row.counts.items() if n} == {"differs": 1}
    with scope(world.worker):
        assert payments_held([one.pk for one in two]) == {two[1].pk}


def test_an_undecided_row_that_is_nobody_of_ours_is_counted_only_where_the_kind_does_not_ask(lists):
    world = lists["world"]
    world.patient(VILLAGE_A1, "重名庚")
    gone = {"name": "重名庚", "township": TOWN_A, "died_on": "2020-06-01"}
    row = compared(lists["civil"], lists["civil_office"], lists["county"], K.DEATHS, [gone])
    (one,) = differences(lists["county"]).values()
    with scope(world.worker):
        settled = settle_unsure(difference=one, patient=None, by=world.worker)
    assert settled.state == "lapsed"
    row.refresh_from_db()
    assert {name: n for name, n in row.counts.items() if n} == {"only_theirs": 1}
    assert clues(lists["county"]) == []


# deaths


def deaths(lists, *rows):
    return compared(lists["civil"], lists["civil_office"], lists["county"], K.DEATHS, list(rows))


def test_a_reported_death_stops_payments_at_once_and_closes_nothing(lists):
    world = lists["world"]
    patient = world.patient(VILLAGE_A1, "亡者辛")
    on = timezone.localdate().isoformat()
    row = deaths(lists, row_of(patient, died_on=on), stranger(died_on=on))
    assert {name: n for name, n in row.counts.items() if n} == {"differs": 1, "only_theirs": 1}
    assert set(differences(lists["county"])) == {"differs 亡者辛"}
    assert clues(lists["county"]) == []  # the dead of a county are no clues, and nothing of them is kept
    one = differences(lists["county"])["differs 亡者辛"]
    assert one.of_death
    with scope(world.worker):
        assert payments_held([patient.pk]) == {patient.pk}
        patient.refresh_from_db()
        assert (patient.status, patient.closed_on) == ("managed", None)
        (line,) = difference_lines(world.worker, timezone.localdate())
        assert "告知已死亡，请核实" in line.why
    with pytest.raises(FindingRefused, match="还没有按死亡结案"):
        answer(world.worker, one, "death")
    with scope(world.worker):
        close_patient(
            patient=patient, value="dead", on=timezone.localdate(), by=world.worker, reason="死亡", death_cause="1"
        )
        assert payments_held([patient.pk]) == frozenset()
        report = DeathReport.objects.get(patient=patient)
        assert (report.was_true, report.settled_by) == (True, world.worker)
    assert answer(world.worker, one, "death", evidence=Evidence.CERTIFICATE).state == "answered"


def test_somebody_who_was_met_is_alive_and_the_hold_ends(lists):
    world = lists["world"]
    patient = world.patient(VILLAGE_A1, "健在壬")
    deaths(lists, row_of(patient, died_on=timezone.localdate().isoformat()))
    one = differences(lists["county"])["differs 健在壬"]
    answer(world.worker, one, "alive", "本人在家，已见面")
    with scope(world.worker):
        assert payments_held([patient.pk]) == frozenset()
        assert DeathReport.objects.get(patient=patient).was_true is False
        patient.refresh_from_db()
        assert patient.closed_on is None


def test_a_second_report_of_one_death_is_one_hold_and_another_list_of_events_ends_nothing(lists):
    world = lists["world"]
    patient, other = world.patient(VILLAGE_A1, "亡者辛"), world.patient(VILLAGE_A1, "亡者癸")
    on = timezone.localdate().isoformat()
    deaths(lists, row_of(patient, died_on=on))
    deaths(lists, row_of(other, died_on=on))
    assert set(differences(lists["county"])) == {"differs 亡者辛", "differs 亡者癸"}
    compared(lists["police"], lists["police_office"], lists["county"], K.DEATHS, [row_of(patient, died_on=on)])
    with scope(world.worker):
        assert DeathReport.objects.filter(patient=patient).count() == 1


def test_the_number_of_a_certificate_does_not_show_the_id_number_in_it():
    number = factories.id_number(serial=7)
    assert shown(InboundItem.ID_NUMBER, number) == mask_id(number)
    assert number[6:14] not in shown(InboundItem.CERTIFICATE_NUMBER, f"{number}62")


def test_what_only_some_answers_ask_for_is_not_called_optional():
    form = FindingForm(offered=[(Conclusion.CANNOT, "")])
    assert not may_stay_empty(form.fields["words"])
    assert "要写明情况" in form.fields["words"].help_text
