"""Reading, checking and judging by columns says what the rules say of each row by itself."""

from datetime import date, timedelta
from random import Random
from typing import Any

import psycopg2
import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.scope import scope
from followup.models import Visit, VisitRoot
from followup.rules.checks import Setting, problems, remarks, remarks_on
from followup.rules.checks_by_column import days_of, suspects
from followup.rules.choice import as_judged, decide
from followup.rules.classification import judge
from followup.rules.facts import DANGERS, FACT_FIELDS, Choice, Drug, Previous, VisitFacts
from followup.rules.judging import Timeline, judge_rows
from followup.rules.policy import CarePolicy
from followup.rules.visit_columns import BLANK, VisitColumns, VisitFile
from followup.rules.visit_row import VisitReader, read_visit_row
from followup.services.visit_import import import_visits
from registry.rules.columns import Lines
from registry.rules.table import Rows, make_table
from tests.followup.conftest import days_ago
from tests.followup.test_import import row, table
from tests.followup.test_import_between import CELLS

TODAY = date(2026, 12, 7)
FIRST = date(2024, 1, 1)
DAYS = st.integers(0, 1100).map(lambda n: FIRST + timedelta(days=n))
SOME_DAYS = [FIRST + timedelta(days=n) for n in range(0, 1100, 9)]
TIMES = [0, 0, 1, 1000]
SMALL = [None, 0, 1, 2, 3, 9]
DRUGS = [(), (Drug("利培酮片", "1"),), (Drug("", "1"),), (Drug("氯氮平片"),) * 5, (Drug("长" * 61),)]
ANSWERS: dict[str, list[Any]] = {
    "visited_on": SOME_DAYS,
    "form": ["1", "2", "3", "7"],
    "seen": [(), ("1",), ("1", "2"), ("8",)],
    "lost_reason": ["", "1", "6"],
    "died_on": [None, None, *SOME_DAYS],
    "death_cause": ["", "1", "x"],
    "level": [None, 0, 1, 2, 3, 4, 5, 6],
    "hospital": [None, 0, 1, 2, 7],
    "discharged_on": [None, None, *SOME_DAYS],
    "symptoms": [(), (1,), (3, 12), (99,)],
    "rehab": [(), (1, 5), (6,)],
    "obvious_symptoms": [True, False],
    "severe_side_effect": [True, False],
    "side_effect": [None, 1, 2, 9],
    **dict.fromkeys(("effect", "insight", "work", "social", "adherence"), SMALL),
    "referral_to": ["", "县医院", "长" * 101],
    **dict.fromkeys(("drugs", "guidance"), DRUGS),
    **dict.fromkeys(DANGERS, TIMES),
}


def _file(seed: int) -> tuple[VisitColumns, list[VisitFacts]]:
    """Some rows with some of the columns, the same by columns and one by one."""
    chance = Random(seed)
    count = chance.randint(1, 5)
    names = {"visited_on", "form", "level", *chance.sample(sorted(ANSWERS), chance.randint(0, len(ANSWERS)))}
    columns = {name: chance.choices(ANSWERS[name], k=count) for name in sorted(names)}
    columns["visited_on"].sort()
    rows = VisitColumns(list(range(count)), [""] * count, columns)
    return rows, [VisitFacts(**{name: values[at] for name, values in columns.items()}) for at in range(count)]


FILES = st.integers(0, 10**9).map(_file)


@given(FILES, st.none() | DAYS, st.none() | DAYS)
def test_no_row_with_a_problem_is_passed_over(file, birth_on, closed_on):
    rows, facts = file
    setting = Setting(TODAY, birth_on, closed_on)
    wrong = {at for at, one in enumerate(facts) if problems(one, setting)}
    found = suspects(rows, [days_of(TODAY, birth_on, closed_on)] * len(rows), TODAY)
    assert wrong <= found
    if not rows.has("died_on"):
        assert found == wrong, "nor is anybody looked at twice in vain"


@given(FILES, st.lists(st.tuples(DAYS, st.sampled_from([1, 2, 3])), max_size=3), st.booleans())
def test_judging_by_columns_is_judging_one_by_one(file, known, chosen):
    rows, facts = file
    before = [Previous(day, stability, 0) for day, stability in sorted(known)]
    policy, timeline = CarePolicy(), Timeline(before)
    choices = [Choice()] * len(rows)
    if chosen:
        choices = [
            Choice(at % 4 or None, one.visited_on + timedelta(days=20 * at - 20)) for at, one in enumerate(facts)
        ]
        rows.choices = {name: [getattr(one, name) for one in choices] for name in ("stability", "next_due_on")}
    judged = judge_rows(rows, [7] * len(rows), [policy] * len(rows), {7: before})
    for at, (one, choice) in enumerate(zip(facts, choices, strict=True)):
        previous = timeline.before(one.visited_on)
        verdict = judge(one, policy, previous)
        decision = decide(one, verdict, choice, policy, previous, as_recorded=True)
        if one.is_complete:
            timeline.add(Previous(one.visited_on, decision.stability, one.level))
        assert (judged.says[at], judged.because[at], judged.complete[at]) == (
            verdict.stability, verdict.because, one.is_complete,
        )  # fmt: skip
        assert decision[:4] == (
            judged.stability[at], judged.next_due_on[at], judged.due_reason[at], judged.rule_mismatch[at],
        )  # fmt: skip
        if choice == Choice():
            assert as_judged(verdict)[:4] == decision[:4]


@given(FILES)
def test_remarks_are_the_same_of_a_row_and_of_its_answers(file):
    for one in file[1]:
        assert remarks(one) == remarks_on(one.level, one.self_harm, one.suicide_attempt, one.crime)


@given(st.lists(st.fixed_dictionaries({name: st.sampled_from(cells) for name, cells in CELLS.items()}), max_size=6))
def test_a_file_by_columns_says_what_its_rows_say(lines):
    rows = Rows(tuple(CELLS))
    for number, line in enumerate(lines, start=2):
        rows.numbers.append(number)
        rows.lines.append(tuple(line.values()))
    file = VisitFile(rows.lines, VisitReader(rows.headers, TODAY))
    read = [read_visit_row(one, today=TODAY)[0] for one in rows]
    assert file.unreadable() == {at for at, found in enumerate(read) if found is None}
    good = [at for at, found in enumerate(read) if found is not None]
    by_columns = file.rows(good)
    for at, place in enumerate(good):
        found = read[place]
        assert found is not None
        assert by_columns.persons[at] == found.id_number
        said = {name: values[at] for name, values in by_columns.facts.items()}
        assert VisitFacts(**said) == found.facts
        chosen = {name: values[at] for name, values in by_columns.choices.items()}
        assert Choice(**chosen) == found.choice


def test_a_fact_that_no_column_says_is_blank():
    facts = VisitFacts(visited_on=TODAY, form="1")
    assert {name: BLANK[name] for name in FACT_FIELDS if name not in ("visited_on", "form")} == {
        name: getattr(facts, name) for name in FACT_FIELDS if name not in ("visited_on", "form")
    }


def test_numbers_dates_and_blanks_stay_what_they_are_by_columns():
    lines = Lines(3)
    said = [(1.0, "x", None), (True, "x", TODAY), (1.0, " x", TODAY), (0.0, "y", None), (False, "x", None)]
    lines.extend(said)
    assert [[(cell, type(cell)) for cell in line] for line in lines] == [[(c, type(c)) for c in line] for line in said]


def test_rows_that_say_nothing_are_skipped_and_the_others_keep_their_numbers():
    found = make_table([["甲", "乙"], ["", " "], ["", 0], [None, None], ["1", ""], [], ["  ", None], [False, ""]])
    assert list(found.rows.numbers) == [3, 5, 8]
    assert [dict(one.cells) for one in found.rows] == [{"乙": 0.0}, {"甲": "1"}, {"甲": False}]


@pytest.mark.django_db
def test_a_version_belongs_to_a_record_of_its_patient_and_names_an_account(world, person):
    """Once a statement, in place of two foreign keys: docs/adr/0014."""
    (one, number), (other, _number) = person(), person()
    import_visits(table=table(row(number, days_ago(30))), by=world.worker)
    with scope(world.worker):
        visit = Visit.objects.get(patient=one)
        for wrong in ({"patient": other}, {"root_id": 10**12}, {"entered_by_id": 10**12}):
            second = Visit.objects.get(pk=visit.pk)
            second.pk, second.version, second.is_current = None, 2, False
            for name, value in wrong.items():
                setattr(second, name, value)
            with pytest.raises(IntegrityError), transaction.atomic():
                second.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_neither_record_nor_account_goes_while_a_version_names_it(world, person):
    """Not even by the owner, who alone could."""
    _patient, number = person()
    import_visits(table=table(row(number, days_ago(30))), by=world.worker)
    with scope(world.worker):
        root = VisitRoot.objects.get()
    at = connection.settings_dict
    with psycopg2.connect(dbname=at["NAME"], user="owner", host=at["HOST"], port=at["PORT"] or None) as owner:
        for name, key in (("followup_visitroot", root.pk), ("accounts_user", world.worker.pk)):
            with owner.cursor() as cursor, pytest.raises(psycopg2.errors.ForeignKeyViolation, match="still names"):
                cursor.execute(f"DELETE FROM {name} WHERE id = %s", [key])
            owner.rollback()
    owner.close()
