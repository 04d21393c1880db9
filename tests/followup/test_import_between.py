"""Files that fall between, before and behind what stands: only what they touch is decided anew, and that is enough."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.scope import scope
from followup.models import PatientYear, Window
from followup.rules.visit_row import COLUMN, COLUMNS, ID_COLUMN, VisitReader, read_visit_row
from followup.rules.windows import windows
from followup.services.rebuild import rebuild_summaries
from followup.services.visit_import import import_visits
from followup.services.windows import rebuild_windows
from registry.models import PatientStatus
from registry.rules.table import Rows
from tests.factories import id_number
from tests.followup.conftest import days_ago
from tests.followup.test_import import row, table
from tests.followup.test_window_properties import lives

NUMBER = id_number()
TODAY = date(2026, 12, 7)


def as_rules_say(county) -> None:
    with scope(counties=[county.pk]):
        assert rebuild_summaries(check=True) == []
        assert rebuild_windows(check=True) == []


@pytest.mark.django_db
@pytest.mark.parametrize("second", [(900, 880), (395, 20), (250, 249), (1500,), (12, 9), (800, 9)], ids=str)
def test_a_second_file_leaves_everything_as_the_rules_say(world, person, second):
    patient, number = person(opened_on=days_ago(850))
    import_visits(table=table(*(row(number, days_ago(n)) for n in (400, 380, 100, 60))), by=world.worker)
    import_visits(table=table(*(row(number, days_ago(n), 危险性="1") for n in second)), by=world.worker)
    as_rules_say(world.county)
    with scope(world.worker):
        newest = Window.objects.filter(patient=patient).latest("opened_on")
        patient.refresh_from_db()
        assert (patient.next_due_on, patient.due_reason) == (newest.due_on, newest.due_reason)
        assert patient.last_visit_on == days_ago(min(60, *second))
        assert PatientYear.objects.filter(patient=patient, opened_on=None).count() == 0


@pytest.mark.django_db
def test_a_file_for_somebody_who_waits_for_the_sweep_decides_him_as_a_whole(world, person):
    patient, number = person(opened_on=days_ago(850))
    import_visits(table=table(*(row(number, days_ago(n)) for n in (400, 100))), by=world.worker)
    with scope(world.worker):
        facts = {"patient": patient, "at_township": patient.duty_township, "value": "lost"}
        PatientStatus.objects.create(starts_on=days_ago(50), **facts)
        assert Window.objects.filter(patient=patient, stale=True).exists()
    import_visits(table=table(row(number, days_ago(300))), by=world.worker)
    as_rules_say(world.county)
    with scope(world.worker):
        assert not Window.objects.filter(patient=patient, stale=True).exists()


@given(lives(), st.integers(0, 9), st.integers(0, 9))
def test_windows_between_two_records_need_no_record_outside_of_them(life, one, other):
    story, _today = life
    days = sorted({act.on for act in story.acts})
    if not days:
        return
    since, until = sorted((days[one % len(days)], days[other % len(days)]))
    today = max(days) + timedelta(days=40)
    whole = windows(story, today)
    assert windows(story, today, since=since) == tuple(w for w in whole if w.opened_on >= since)
    if since < until:
        found = tuple(w for w in whole if since <= w.opened_on < until)
        assert windows(story, today, since=since, until=until) == found


CELLS = {
    ID_COLUMN: [NUMBER, NUMBER, NUMBER, None, "1", 999999198001010000.0],
    "随访日期": ["2026-12-07", "2026/1/5", date(2025, 3, 1), "2027-01-01", "12-07", 1.0, True],
    "随访形式": ["1", "家庭访视", 2.0, "9", True],
    "随访对象": ["1", "1;2", "2；1", "患者本人", "7", None],
    "危险性": ["0", "3级", 5.0, None, "6", False],
    "目前症状": [None, "3;12", "99", 1.0],
    "用药依从性": ["1", "规律", None, "x"],
    "肇事": [None, "2", "-1", 3.0],
    "症状明显": ["1", "否", 1.0, True, "?"],
    "用药1": [None, "利培酮片|1|0|2|", "利培酮|1e9"],
    "用药2": [None, "棕榈酸帕利哌酮|150|||4"],
    "用药指导": [None, "同上", "利培酮片|1", "|||||"],
    "随访医生": [None, "冉医生", "x" * 61],
    "随访分类": [None, "1", "稳定", "8"],
    "下次随访日期": [None, "2099-01-01", "x"],
    "偏离原因": [None, "家属要求"],
}  # fmt: skip


@given(st.lists(st.fixed_dictionaries({name: st.sampled_from(cells) for name, cells in CELLS.items()}), max_size=6))
def test_reading_by_columns_says_what_reading_cell_by_cell_says(lines):
    rows = Rows(tuple(CELLS))
    for number, line in enumerate(lines, start=2):
        rows.numbers.append(number)
        rows.lines.append(tuple(line.values()))
    reader = VisitReader(rows.headers, TODAY)
    for index, cells in enumerate(rows.lines):
        expected, wrong = read_visit_row(rows[index], today=TODAY)
        assert reader.read(rows.numbers[index], cells) == expected
        assert (reader.key(cells) is None) == bool(wrong)
        assert expected is None or reader.key(cells) == expected.key


def test_every_column_of_a_visits_file_has_its_reader():
    """A column that the reader passes over would be lost without a word."""
    reader = VisitReader(COLUMNS, TODAY)
    names = {*COLUMN, "person", "用药1", "用药2", "用药3", "用药4"} - {"drugs"}
    assert {column.name for column in reader._columns} == names
