"""How a case ends: a lower level, the psychiatrist's word, a correction, a move, the end of the file."""

from datetime import date

import pytest
from django.utils import timezone

from accounts.models import Assignment, CountyPolicy
from accounts.refusals import Denied
from accounts.scope import scope
from accounts.terms import Role
from exchange.models import AlertEntry
from exchange.services.reviewing import LevelRefused, NothingToReview, confirm_fall, confirm_level
from tests.exchange.conftest import cases_of, correct, days_ago, deliver, ledger, save, statuses
from tests.exchange.test_raising import FOUR, LEGAL, LEGAL_A, POLICE, POLICE_A

pytestmark = pytest.mark.django_db
POLICE_B, LEGAL_B = "西镇公安局（派出所）", "西镇政法委（综治中心）"


def everywhere(status):
    return dict.fromkeys(FOUR, status)


def confirmed(world, patient, level=3):
    with scope(world.psychiatrist):
        confirm_level(patient=patient, level=level, because="面诊", by=world.psychiatrist)


def test_a_lower_level_closes_a_preliminary_case(world, told):
    patient = world.patient()
    save(world.worker, patient, 3, 1)
    recorded = save(world.worker, patient, 2)
    assert statuses(patient) == everywhere("closed")
    assert told(patient)[4:] == [(office, "closed", "") for office in FOUR]
    assert recorded.alert is None


def test_another_health_roles_lower_level_closes_it_too(world):
    patient = world.patient()
    save(world.worker, patient, 3, 1)
    save(world.village_doctor, patient, 1)
    assert statuses(patient) == everywhere("closed")


def test_an_older_lower_level_closes_nothing(world, told):
    patient = world.patient()
    save(world.worker, patient, 4, 1)
    save(world.worker, patient, 0, 2)
    assert statuses(patient) == everywhere("preliminary")
    assert len(told(patient)) == 4


def test_on_one_day_the_later_entry_counts(world):
    patient = world.patient()
    save(world.worker, patient, 4)
    save(world.worker, patient, 1)
    assert statuses(patient) == everywhere("closed")
    save(world.worker, patient, 4)
    assert statuses(patient) == everywhere("preliminary")


def test_a_hospital_record_without_level_changes_nothing(world, told):
    patient = world.patient()
    save(world.worker, patient, 4, 1)
    save(world.worker, patient, None, hospital=1)
    assert statuses(patient) == everywhere("preliminary")
    assert len(told(patient)) == 4


def test_a_confirmed_case_is_under_review_until_a_psychiatrist_confirms_the_fall(world, told):
    patient = world.patient()
    save(world.worker, patient, 3, 1)
    confirmed(world, patient)
    save(world.worker, patient, 1)
    assert statuses(patient) == everywhere("under_review")
    assert [kind for _, kind, _ in told(patient)] == ["raised"] * 4 + ["confirmed"] * 4 + ["lowered"] * 4
    save(world.worker, patient, 0)
    assert len(told(patient)) == 12  # the office hears of the review once
    with scope(world.psychiatrist):
        confirm_fall(patient=patient, because="面诊，平稳", by=world.psychiatrist)
    assert statuses(patient) == everywhere("closed")


def test_without_the_setting_a_confirmed_case_closes_at_once(world):
    CountyPolicy.objects.create(
        county=world.county, key="fall_needs_psychiatrist", value=False, starts_on=date(2020, 1, 1)
    )
    patient = world.patient()
    save(world.worker, patient, 3, 1)
    confirmed(world, patient)
    save(world.worker, patient, 1)
    assert statuses(patient) == everywhere("closed")


def test_a_psychiatrists_own_visit_is_confirmed_and_closes(world):
    patient = world.patient()
    save(world.psychiatrist, patient, 4, 1)
    assert statuses(patient) == everywhere("confirmed")
    save(world.psychiatrist, patient, 1)
    assert statuses(patient) == everywhere("closed")


def test_a_psychiatrist_of_another_county_confirms_nothing_where_they_only_visit(world):
    """Two assignments: worker here, psychiatrist there. The right counts only where its own role reaches."""
    there = Assignment.objects.create(
        user=world.worker, role=Role.PSYCHIATRIST, agency=world.worker.agency, division=world.town_c.parent,
        starts_on=timezone.localdate(),
    )  # fmt: skip
    patient = world.patient()
    save(type(world.worker).objects.select_related("agency").get(pk=there.user_id), patient, 4)
    assert statuses(patient) == everywhere("preliminary")


def test_a_refused_fall_ends_the_review(world, told):
    patient = world.patient()
    save(world.worker, patient, 3, 1)
    confirmed(world, patient)
    save(world.worker, patient, 1)
    confirmed(world, patient, 4)
    assert statuses(patient) == everywhere("confirmed")
    assert told(patient)[-1] == (LEGAL, "confirmed", "4")


def test_a_psychiatrist_may_end_a_preliminary_case(world):
    patient = world.patient()
    save(world.worker, patient, 3)
    with scope(world.psychiatrist):
        confirm_fall(patient=patient, because="电话核实，未达 3 级", by=world.psychiatrist)
    assert {case.closed_because for case in cases_of(patient).values()} == {"confirmed_fall"}


def test_what_a_psychiatrist_ended_does_not_come_back_by_a_correction_of_other_answers(world):
    patient = world.patient()
    recorded = save(world.worker, patient, 3)
    with scope(world.psychiatrist):
        confirm_fall(patient=patient, because="未达 3 级", by=world.psychiatrist)
    correct(world.worker, recorded, 3, sleep=2)
    assert statuses(patient) == everywhere("closed")


@pytest.mark.parametrize("who", ["worker", "county_office"])
def test_only_a_psychiatrist_decides(world, who):
    patient = world.patient()
    save(world.worker, patient, 3)
    user = getattr(world, who)
    with scope(user), pytest.raises(Denied):
        confirm_fall(patient=patient, because="", by=user)


@pytest.mark.parametrize(("level", "good"), [(2, False), (3, True), (5, True), (6, False)])
def test_a_confirmed_level_is_one_that_offices_are_told(world, level, good):
    patient = world.patient()
    save(world.worker, patient, 3)
    with scope(world.psychiatrist):
        if good:
            confirm_level(patient=patient, level=level, because="", by=world.psychiatrist)
        else:
            with pytest.raises(LevelRefused):
                confirm_level(patient=patient, level=level, because="", by=world.psychiatrist)


def test_without_an_open_case_there_is_nothing_to_decide(world):
    patient = world.patient()
    with scope(world.psychiatrist), pytest.raises(NothingToReview):
        confirm_level(patient=patient, level=3, because="", by=world.psychiatrist)


# corrections


def test_a_correction_below_the_threshold_recalls(world, told):
    patient = world.patient()
    recorded = save(world.worker, patient, 4)
    correct(world.worker, recorded, 1)
    assert {(case.status, case.closed_because) for case in cases_of(patient).values()} == {("closed", "corrected")}
    assert told(patient)[4:] == [(office, "withdrawn", "") for office in FOUR]
    assert sorted(line.act for line in ledger(patient)) == ["disclosed"] * 4 + ["recalled"] * 4


def test_a_correction_upwards_raises(world, told):
    patient = world.patient()
    recorded = save(world.worker, patient, 1)
    corrected = correct(world.worker, recorded, 3)
    assert [kind for _, kind, _ in told(patient)] == ["raised"] * 4
    assert corrected.alert == cases_of(patient)[POLICE_A].uuid


def test_a_corrected_level_replaces_what_was_said(world, told):
    patient = world.patient()
    recorded = save(world.worker, patient, 3)
    correct(world.worker, recorded, 5)
    assert told(patient)[4:] == [(office, "raised_again", "5") for office in FOUR]
    with scope(world.worker):
        assert AlertEntry.objects.filter(withdrawn_at=None).count() == 4


def test_a_correction_of_other_answers_says_nothing(world, told):
    patient = world.patient()
    recorded = save(world.worker, patient, 3)
    correct(world.worker, recorded, 3, sleep=3)
    assert len(told(patient)) == 4


def test_one_of_two_taken_back_leaves_the_other(world, told):
    patient = world.patient()
    save(world.worker, patient, 3, 3)
    first = save(world.worker, patient, 5, 2)
    save(world.worker, patient, 4, 1)
    correct(world.worker, first, 1, 2)
    assert statuses(patient) == everywhere("preliminary")
    assert told(patient)[12:] == [(office, "withdrawn", "") for office in FOUR]
    assert {case.level for case in cases_of(patient).values()} == {4}


def test_a_corrected_date_that_brings_an_older_high_one_forward_raises_it(world, told):
    patient = world.patient()
    save(world.worker, patient, 4, 3)
    low = save(world.worker, patient, 1, 1)
    assert statuses(patient) == everywhere("closed")
    correct(world.worker, low, 1, 5)
    assert statuses(patient) == everywhere("preliminary")
    assert told(patient)[-1] == (LEGAL, "raised", "4")


def test_a_corrected_fall_ends_the_review(world):
    patient = world.patient()
    save(world.worker, patient, 4, 3)
    confirmed(world, patient, 4)
    low = save(world.worker, patient, 1)
    assert statuses(patient) == everywhere("under_review")
    correct(world.worker, low, 4)
    assert statuses(patient) == everywhere("confirmed")


# moves and endings


def moved(world, patient, to, **more):
    assert world.worker_b
    from registry.services.moves import move_patient

    with scope(world.county_office):
        patient = type(patient).objects.get(pk=patient.pk)
        move_patient(patient=patient, on=days_ago(0), to_township=to, by=world.county_office, **more)


def test_a_move_recalls_from_the_old_offices_and_tells_the_new(world, told):
    patient = world.patient()
    save(world.worker, patient, 4)
    moved(world, patient, world.town_b, village=world.places["990001101201"], address="西一村2组7号")
    assert statuses(patient) == {
        POLICE_A: "closed", LEGAL_A: "closed", POLICE: "preliminary", LEGAL: "preliminary",
        POLICE_B: "preliminary", LEGAL_B: "preliminary",
    }  # fmt: skip
    assert told(patient)[4:] == [
        (POLICE_A, "closed", ""), (LEGAL_A, "closed", ""), (POLICE, "moved", "4"), (LEGAL, "moved", "4"),
        (POLICE_B, "raised", "4"), (LEGAL_B, "raised", "4"),
    ]  # fmt: skip
    with scope(world.worker_b):
        content = AlertEntry.objects.get(alert__agency__name=POLICE_B).content
    assert (content["address"], content["date"]) == ("西镇西一村2组7号", days_ago(0).isoformat())
    assert content["worker"].startswith("镇街精防人员西镇")


def test_a_confirmed_case_moves_as_confirmed(world):
    patient = world.patient()
    save(world.worker, patient, 4)
    confirmed(world, patient, 4)
    moved(world, patient, world.town_b)
    assert {name: status for name, status in statuses(patient).items() if status != "closed"} == {
        POLICE: "confirmed", LEGAL: "confirmed", POLICE_B: "confirmed", LEGAL_B: "confirmed",
    }  # fmt: skip


def test_a_patient_without_a_case_moves_silently(world, told):
    patient = world.patient()
    save(world.worker, patient, 1)
    moved(world, patient, world.town_b)
    assert told(patient) == []


def test_after_the_move_the_new_township_goes_on(world):
    patient = world.patient()
    save(world.worker, patient, 4)
    moved(world, patient, world.town_b)
    save(world.worker_b, patient, 1)
    assert set(statuses(patient).values()) == {"closed"}


def ended(world, patient):
    from registry.services.status import close_patient
    from registry.terms import CareStatus

    with scope(world.county_office):
        patient = type(patient).objects.get(pk=patient.pk)
        close_patient(
            patient=patient, value=CareStatus.DEAD, on=days_ago(0), by=world.county_office, reason="家属告知",
            death_cause="1",
        )  # fmt: skip


def test_the_end_of_the_file_ends_every_case(world, told):
    patient = world.patient()
    save(world.worker, patient, 4)
    ended(world, patient)
    assert statuses(patient) == everywhere("closed")
    assert told(patient)[4:] == [(office, "closed", "") for office in FOUR]


def test_a_mistaken_end_taken_back_resumes(world, told):
    from registry.services.status import reopen_patient

    patient = world.patient()
    save(world.worker, patient, 4)
    ended(world, patient)
    with scope(world.county_office):
        patient = type(patient).objects.get(pk=patient.pk)
        reopen_patient(patient=patient, on=days_ago(0), by=world.county_office, reason="误报")
    assert statuses(patient) == everywhere("preliminary")
    assert told(patient)[8:] == [(office, "raised", "4") for office in FOUR]


def test_a_file_handed_over_while_closed_resumes_at_its_new_offices(world):
    from registry.services.moves import move_patient
    from registry.services.status import reopen_patient

    patient, by = world.patient(), world.county_office
    save(world.worker, patient, 4)
    ended(world, patient)
    with scope(by):
        patient = type(patient).objects.get(pk=patient.pk)
        move_patient(patient=patient, on=days_ago(1), to_township=world.town_b, by=by, reason="迁居")
        reopen_patient(patient=patient, on=days_ago(0), by=by, reason="误报")
    found = statuses(patient)
    assert (found[POLICE_A], found[LEGAL_A]) == ("closed", "closed")
    assert {found[office] for office in (POLICE_B, LEGAL_B, POLICE, LEGAL)} == {"preliminary"}


def test_everything_told_is_delivered_once(world):
    patient = world.patient()
    save(world.worker, patient, 3, 1)
    save(world.worker, patient, 2)
    assert (deliver(), deliver()) == (8, 0)
