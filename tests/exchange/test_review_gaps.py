"""The psychiatrist's word beside the file: said with both days, owned by the township, gone once the record agrees."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.scope import scope
from exchange.queries.review_gaps import gap_lines
from exchange.services.reviewing import confirm_fall, confirm_level
from tests.exchange.conftest import correct, save

pytestmark = pytest.mark.django_db


def lines(by):
    with scope(by):
        return [(item.name, item.why) for item in gap_lines(by, timezone.localdate())]


def fall(world, patient):
    with scope(world.psychiatrist):
        confirm_fall(patient=patient, because="面诊", by=world.psychiatrist)


def level(world, patient, level):
    with scope(world.psychiatrist):
        confirm_level(patient=patient, level=level, because="面诊", by=world.psychiatrist)


def why(said, stands):
    return f"精神科医师 {timezone.localdate():%m-%d} 复核为 {said}，档案仍为 {stands} 级，请更正或再随访"


def test_a_preliminary_level_that_a_psychiatrist_lowers_leaves_a_line_for_the_township(world):
    patient = world.patient(name="试验甲")
    save(world.worker, patient, 3, 1)
    assert lines(world.worker) == []
    fall(world, patient)
    assert lines(world.worker) == [("试验甲", why("3 级以下", 3))]
    assert lines(world.stranger) == []
    with scope(world.worker):
        patient.refresh_from_db()
    assert (patient.last_level, patient.last_class) == (3, 1)  # the record's, as risk_3 counts it


@pytest.mark.parametrize("mend", ["correction", "visit"])
def test_the_line_goes_once_the_record_agrees_or_a_later_one_exists(world, mend):
    patient = world.patient()
    recorded = save(world.worker, patient, 3, 1)
    fall(world, patient)
    if mend == "correction":
        correct(world.worker, recorded, 2, 1)
    else:
        save(world.worker, patient, 1)
    assert lines(world.worker) == []


def test_a_new_grave_record_after_the_fall_is_a_new_alert_and_no_difference(world):
    patient = world.patient()
    save(world.worker, patient, 3, 1)
    fall(world, patient)
    save(world.worker, patient, 4)
    assert lines(world.worker) == []


def test_a_level_confirmed_otherwise_is_a_difference_and_the_same_level_is_none(world):
    patient, other = world.patient(name="试验甲"), world.patient(name="试验乙")
    save(world.worker, patient, 5, 1)
    save(world.worker, other, 4, 1)
    level(world, patient, 3)
    level(world, other, 4)
    assert lines(world.worker) == [("试验甲", why("3 级", 5))]


def test_the_page_of_what_was_told_says_both(world, log_in):
    patient = world.patient()
    save(world.worker, patient, 3, 1)
    page = reverse("exchange:patient_tab", args=[patient.uuid])
    assert "通报按复核" not in log_in(world.worker).get(page).content.decode()
    before = log_in(world.psychiatrist).get(reverse("exchange:review", args=[patient.uuid])).content.decode()
    assert "复核决定通报，不改随访记录" in before
    fall(world, patient)
    text = re.sub(r"<[^>]+>", "", log_in(world.worker).get(page).content.decode())
    assert f"精神科医师 {timezone.localdate():%m-%d} 复核为 3 级以下，通报按复核" in text
    assert "的随访记录仍为 3 级" in text
