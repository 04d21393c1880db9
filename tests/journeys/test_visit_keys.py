"""Show 2 of the township worker's day: a whole visit by keyboard alone, its keystrokes counted.

A key is one press: a digit, Enter, Tab, a letter. Chinese goes through an input method, so a character of it counts as
three. Every question of 表1-8 is answered at the end, by today's key or by the answer carried forward.
"""

from uuid import uuid4

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.scope import scope
from followup.forms.questions import ASKED
from followup.models import Visit
from followup.rules.facts import Drug
from followup.services.visits import record_visit
from tests.browser.conftest import DESKTOP, PHONE
from tests.followup.conftest import days_ago, good

pytestmark = pytest.mark.django_db(transaction=True)
STABLE_AT_MOST, UNSTABLE_AT_MOST = 90, 130
KEYS_OF_A_CHARACTER = 3
RISPERIDONE = Drug("利培酮", morning="1", evening="2")
PAPER = ("form", "seen", "level", *ASKED, "drugs", "rehab", "stability", "next_due_on", "doctor_name")


class Keyboard:
    """The real one, with a counter. `at` says where the hands are."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def type(self, text: str) -> None:
        for character in text:
            if character.isascii():
                self.press(character)
            else:
                self.page.keyboard.insert_text(character)
                self.pressed += KEYS_OF_A_CHARACTER

    def at(self) -> str:
        """The question in which the hands are."""
        return self.page.evaluate(
            "() => document.activeElement.name || (document.activeElement.dataset.save === '' ? 'save' : '?')"
        )

    def answer(self, **answers: str) -> None:
        """Go down the page with Enter; at the questions named press their keys, at the others leave what stands there."""
        for _ in range(80):
            name = self.at()
            if name == "save":
                return
            said = answers.pop(name, "")
            if said.startswith("“"):
                self.type(said.strip("“”"))
            else:
                self.press(*said)
            self.press("Enter")
        raise AssertionError(f"never came to the button: {self.at()}")


def unanswered(visit: Visit) -> list[str]:
    return [name for name in PAPER if getattr(visit, name) in (None, "", [])]


def open_form(enter, world, patient, size):
    page = enter(world.worker, size)
    page.goto(reverse("followup:visit_new", args=[patient.uuid]))
    if size is PHONE:  # a keyboard on a phone: one taps where one begins
        page.locator("#q-form label").first.tap()
    expect(page.locator("[name=form]").first).to_be_focused()
    return page


def finish(page: Page, world, keyboard: Keyboard) -> Visit:
    keyboard.press("Enter")  # on the button
    page.wait_for_url("**/followup/visits/**")
    with scope(world.worker):
        return Visit.objects.current().newest_first().select_related("root").first()


@pytest.fixture
def followed(world):
    """A patient with a record of three weeks ago, medicines and all."""
    patient = world.patient(name="试验甲")
    with scope(world.worker):
        record_visit(
            patient=patient, form_id=uuid4(), by=world.worker, as_recorded=True,
            facts=good(days_ago(20), level=1, insight=2, effect=3, drugs=(RISPERIDONE,), rehab=(1, 4)),
        )  # fmt: skip
    return patient


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1366", "390"])
def test_a_stable_visit_with_answers_carried_forward(world, enter, followed, size):
    page = open_form(enter, world, followed, size)
    keyboard = Keyboard(page)
    keyboard.answer(form="2", seen="12", level="0", insight="1", lab="1", effect="2")
    visit = finish(page, world, keyboard)
    assert (visit.form, visit.seen, visit.level, visit.insight, visit.stability) == ("2", ["1", "2"], 0, 1, 3)
    assert unanswered(visit) == []
    assert keyboard.pressed <= STABLE_AT_MOST, keyboard.pressed


def test_a_first_stable_visit_with_nothing_to_carry(world, enter):
    page = open_form(enter, world, world.patient(name="试验甲"), DESKTOP)
    keyboard = Keyboard(page)
    keyboard.answer(
        form="2", seen="1", level="0", insight="1", sleep="1", diet="1", self_care="1", housework="1", work="1",
        learning="1", social="1", locked="1", hospital="0", lab="1", adherence="1", side_effect="1", effect="2",
        referral="1", drug1_name="“利培酮”", rehab="14",
    )  # fmt: skip
    visit = finish(page, world, keyboard)
    assert (visit.level, visit.stability, visit.drugs[0]["name"]) == (0, 3, "利培酮")
    assert unanswered(visit) == []
    assert keyboard.pressed <= STABLE_AT_MOST, keyboard.pressed


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1366", "390"])
def test_an_unstable_visit(world, enter, followed, size):
    page = open_form(enter, world, followed, size)
    keyboard = Keyboard(page)
    keyboard.answer(
        form="2", seen="12", level="3", basis="“昨晚砸坏邻居门窗”", symptoms="347", obvious_symptoms="1", sleep="3",
        diet="2", social="3", minor_trouble="1", lab="1", adherence="2", effect="4", referral="2",
        referral_reason="“三级，服药间断”", referral_to="“县医院精神科”",
    )  # fmt: skip
    visit = finish(page, world, keyboard)
    assert (visit.level, visit.stability, visit.basis) == (3, 1, "昨晚砸坏邻居门窗")
    assert (visit.symptoms, visit.referral_reason, visit.referral_to) == ([3, 4, 7], "三级，服药间断", "县医院精神科")
    assert (visit.minor_trouble, visit.adherence, visit.obvious_symptoms) == (1, 2, True)
    assert unanswered(visit) == []
    assert keyboard.pressed <= UNSTABLE_AT_MOST, keyboard.pressed
