"""The ledger's rules: when a task is late, what presses, what its words may not hold."""

from datetime import date, timedelta

import pytest

from accounts.rules.machine import faults
from reports.rules.tasks import MEETINGS, TASKS, NamesAPerson, is_late, names_nobody, pressing

DAY = date(2026, 9, 30)


@pytest.mark.parametrize(
    ("state", "due_on", "late"),
    [
        ("open", DAY, False), ("open", DAY - timedelta(days=1), True), ("working", DAY - timedelta(days=1), True),
        ("reported", DAY - timedelta(days=1), False), ("done", DAY - timedelta(days=1), False),
        ("dropped", DAY - timedelta(days=1), False), ("open", None, False), ("working", DAY + timedelta(days=1), False),
    ],
)  # fmt: skip
def test_a_task_is_late_the_day_after_its_term(state, due_on, late):
    assert is_late(state, due_on, DAY) is late


@pytest.mark.parametrize(
    ("days", "words"), [(-1, "逾期 1 天"), (0, "今天到期"), (1, "还有 1 天"), (90, "还有 90 天"), (91, "")]
)
def test_what_presses_is_said_in_days(days, words):
    assert pressing("open", DAY + timedelta(days=days), DAY).words == words


@pytest.mark.parametrize("text", ["患者 11010119900101001X 已办", "号码110101900101001", "见11010119900101001x。"])
def test_an_id_number_has_no_place_in_the_ledger(text):
    with pytest.raises(NamesAPerson):
        names_nobody(text, field="words")


@pytest.mark.parametrize("text", ["酉阳府办发〔2024〕21号", "2026年9月30日", "电话 19900001001", "编号202609300001"])
def test_numbers_of_documents_and_telephones_may_stand_there(text):
    names_nobody(text, field="words")


def test_the_machines_have_no_fault():
    assert (faults(TASKS), faults(MEETINGS)) == (set(), set())
