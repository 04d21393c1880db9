"""The class from day to day: level rises, a fact is missing for a while, the rules change."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from subsidy.queries.presets import preset
from subsidy.rules.life import Agreement, Life
from subsidy.rules.settlement import settle
from subsidy.rules.spans import Span
from subsidy.rules.standing import classes_over
from tests.subsidy.lives import ALWAYS, GUARDIAN
from tests.subsidy.test_eligibility import facts_of

ZHEJIANG = preset("zhejiang-2021")
LOW = facts_of("level=1 six=1 incident=0 registered=1 agreement=1")
HIGH = facts_of("level=3 six=1 incident=0 registered=1 agreement=1")
NOT_KNOWN = facts_of("level=1 six=1 incident=0 registered=1 agreement=-")
NO_MORE = facts_of("level=1 six=1 incident=0 registered=0 agreement=1")
NEW_YEAR = date(2025, 1, 1)


def said(*changes):
    return [(str(one.on), one.class_key, one.known) for one in classes_over(changes, ZHEJIANG)]


def test_a_level_that_rises_changes_the_class_from_that_day():
    assert said((NEW_YEAR, LOW), (date(2025, 5, 16), HIGH)) == [("2025-01-01", "I", True), ("2025-05-16", "II", True)]


def test_facts_that_change_nothing_are_no_change():
    assert said((NEW_YEAR, LOW), (date(2025, 3, 1), LOW)) == [("2025-01-01", "I", True)]


def test_the_order_of_entry_does_not_matter():
    assert said((date(2025, 5, 16), HIGH), (NEW_YEAR, LOW)) == said((NEW_YEAR, LOW), (date(2025, 5, 16), HIGH))


def test_while_something_is_not_known_the_class_stays_and_waits():
    assert said((NEW_YEAR, LOW), (date(2025, 5, 1), NOT_KNOWN), (date(2025, 6, 1), NO_MORE)) == [
        ("2025-01-01", "I", True), ("2025-05-01", "I", False), ("2025-06-01", "", True),
    ]  # fmt: skip


def test_who_was_never_found_out_about_gets_no_class():
    assert said((NEW_YEAR, NOT_KNOWN)) == [("2025-01-01", "", False)]


def test_nothing_known_is_nothing():
    assert classes_over((), ZHEJIANG) == ()


def test_a_new_version_of_the_rules_is_judged_on_its_first_day():
    old = ZHEJIANG.versions[0]
    stricter = replace(old, starts_on=date(2025, 7, 1), classes=old.classes[:1])
    changed = replace(ZHEJIANG, versions=(old, stricter))
    assert [(str(one.on), one.class_key) for one in classes_over([(NEW_YEAR, LOW)], changed)] == [
        ("2025-01-01", "I"), ("2025-07-01", ""),
    ]  # fmt: skip


def test_from_facts_to_money():
    """浙江: class I until 15 May, class II from the 16th (the case of the table, from the facts on)."""
    classes = classes_over([(NEW_YEAR, LOW), (date(2025, 5, 16), HIGH)], ZHEJIANG)
    found = settle(Span(NEW_YEAR, date(2025, 12, 31)), ZHEJIANG, Life((Agreement(ALWAYS, None, (GUARDIAN,)),), classes))
    assert found.total == Decimal("3679.03")
