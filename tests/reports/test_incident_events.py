"""肇事肇祸案（事）件数: one event once, by township of duty, with its list; small numbers hidden as those of the people."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.reach import Reach
from accounts.scope import scope, system_scope
from reports.queries import packs
from reports.queries.answer import HIDDEN, answer, veil
from reports.queries.figures import figures_of
from reports.queries.incident_events import event_lines, events_in
from reports.queries.packs import pack
from reports.queries.periods import place_of
from reports.queries.plan_table import plan_rows
from reports.rules.cut import Cut
from reports.rules.incident_events import Recorded, Told, events_of
from reports.rules.indicators import COMPUTED
from reports.services.plans import load_plan
from reports.terms import Standing
from reports.views.asked import MEETING
from reports.views.frozen_cells import shown
from tests.conftest import COUNTY, VILLAGE_B1
from tests.oracle.calculator import number_of_events
from tests.oracle.facts import Person, Record
from tests.reports.histories import Line
from tests.reports.records import incident

FIRST, T = date(2025, 1, 1), date(2025, 12, 31)
CODE = "incident_events"
WAYS = pytest.mark.parametrize("today", [date(2026, 11, 24), date(2025, 12, 31)], ids=["slots", "today"])


# the rule


def told(on, trouble=1, crime=0, before=None):
    return Told(on, trouble, crime, before)


@pytest.mark.parametrize(
    ("records", "incidents", "days"),
    [
        pytest.param([told(date(2025, 3, 1))], [], ["03-01"], id="a-record-alone"),
        pytest.param([told(date(2025, 3, 1), 2, 1)], [], ["03-01"] * 3, id="as-often-as-it-says"),
        pytest.param([], [Recorded(date(2025, 3, 1), 1, 1)], ["03-01"], id="one-incident-is-one-event"),
        pytest.param([told(date(2025, 3, 1))], [Recorded(date(2025, 2, 1), 1, 0)], ["02-01"], id="told-twice-counts-once"),
        pytest.param(
            [told(date(2025, 3, 1), 2)], [Recorded(date(2025, 2, 1), 1, 0)], ["02-01", "03-01"], id="one-of-two-has-a-record"
        ),
        pytest.param(
            [told(date(2025, 3, 1), before=date(2025, 2, 15))], [Recorded(date(2025, 2, 1), 1, 0)], ["02-01", "03-01"],
            id="before-the-last-record-is-another-event",
        ),
        pytest.param(
            [told(date(2025, 3, 1))], [Recorded(date(2025, 3, 2), 1, 0)], ["03-01", "03-02"], id="after-the-record-is-another"
        ),
        pytest.param(
            [told(date(2025, 2, 1)), told(date(2025, 3, 1), before=date(2025, 2, 1))], [Recorded(date(2025, 2, 1), 1, 0)],
            ["02-01", "03-01"], id="an-incident-answers-for-one-record-only",
        ),
        pytest.param([told(date(2025, 1, 5))], [Recorded(date(2024, 12, 30), 1, 0)], [], id="of-last-year-told-in-this"),
        pytest.param([told(date(2024, 12, 31))], [], [], id="last-year"),
        pytest.param([told(date(2026, 1, 1))], [Recorded(date(2026, 1, 1), 0, 1)], [], id="next-year"),
    ],
)  # fmt: skip
def test_one_event_counts_once(records, incidents, days):
    assert [f"{event.on:%m-%d}" for event in events_of(records, incidents, FIRST, T)] == days


def test_no_order_of_telling_changes_the_number():
    rng = random.Random(16)
    for _ in range(200):
        days = sorted(rng.sample(range(700), 6))
        at = [date(2024, 3, 1) + timedelta(days=day) for day in days]
        before = [None, *at[:-1]]
        records = [told(on, rng.randrange(2), rng.randrange(2), b) for on, b in zip(at, before, strict=True)]
        recorded = [
            Recorded(date(2024, 3, 1) + timedelta(days=rng.randrange(700)), 1, rng.randrange(2)) for _ in range(4)
        ]
        found = len(events_of(records, recorded, FIRST, T))
        rng.shuffle(records)
        rng.shuffle(recorded)
        assert len(events_of(records, recorded, FIRST, T)) == found
        person = Person(
            "x", None, date(2020, 1, 1), [], [],
            records=[_record(one, place) for place, one in enumerate(sorted(records, key=lambda one: one.on))],
            events=[one.on for one in recorded], acts=[one.trouble + one.crime for one in recorded],
        )  # fmt: skip
        assert found == number_of_events(person, T)


def _record(one, entered):
    return Record(one.on, "1", frozenset("1"), 0, 1, False, 3, one.trouble + one.crime, entered)


# the register


def at(day):
    """Half past midnight here: the day before in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=7, minutes=30)


@pytest.fixture
def several(world, someone):
    """Five events of three people in two townships, and what is none."""
    by = world.worker
    both = someone("冉启明", Line(date(2025, 1, 10)), Line(date(2025, 3, 1), incidents=2))
    incident(both, by, at(date(2025, 2, 1)), trouble=1)  # one of the two of the record
    incident(both, by, at(date(2025, 6, 1)), crime=1, dead=1)
    someone("石大山", Line(date(2025, 5, 1), incidents=1))
    incident(someone("白小川", village=VILLAGE_B1), by, at(date(2025, 7, 1)), trouble=1)
    incident(someone("田有福"), by, at(date(2025, 7, 1)), minor_trouble=1)
    incident(someone("向秀兰"), by, at(date(2025, 7, 1)), "reported", crime=1)
    incident(someone("彭家旺"), by, at(date(2025, 7, 1)), "dismissed", crime=1)
    incident(someone("覃桂花"), by, at(FIRST) - timedelta(days=1), crime=1)


@WAYS
@pytest.mark.django_db
def test_by_township_and_day_and_the_list_is_as_long(world, several, today):
    for day, wanted in ((date(2025, 1, 31), 0), (date(2025, 2, 28), 1), (date(2025, 6, 1), 4), (T, 5)):
        with scope(counties=[world.county.pk]):
            cut = Cut(day, today)
            figures, towns = figures_of(world.county, cut, [CODE])
            found = events_in(place_of(world.county), cut)
        assert (figures[CODE].numerator, len(found)) == (wanted, wanted), day
        assert sum(town.count(CODE) for town in towns.values()) == wanted
    assert [town.count(CODE) for town in towns.values() if town.count(CODE)] == [4, 1]
    with scope(counties=[world.county.pk]):
        lines = event_lines(found, named=Reach(counties=frozenset({world.county.pk})))
    assert [(line.name, f"{line.event.on:%m-%d}", line.event.words) for line in lines] == [
        ("冉启明", "02-01", "事件记录：肇事 1 次"),
        ("冉启明", "03-01", "随访记录：肇事 2 次"),
        ("石大山", "05-01", "随访记录：肇事 1 次"),
        ("冉启明", "06-01", "事件记录：肇祸 1 次"),
        ("白小川", "07-01", "事件记录：肇事 1 次"),
    ]


@pytest.mark.django_db
def test_a_village_a_township_and_the_command_count_the_same_events(world, several):
    with system_scope():
        cut = Cut(T, timezone.localdate())
        village, _ = figures_of(world.places[VILLAGE_B1], cut, [CODE])
        county, towns = figures_of(world.county, cut, COMPUTED)
        said = answer(county, towns, by_township=True)
    assert village[CODE].numerator == 1
    assert said["indicators"][CODE] == 5
    assert sum(town[CODE] for town in said["townships"].values()) == 5


@pytest.mark.django_db
def test_outside_the_health_roles_it_is_hidden_where_the_people_are(world, several):
    """Five events of three people: the five alone would pass, and tell of the three."""
    with system_scope():
        county, towns = figures_of(world.county, Cut(T, timezone.localdate()), COMPUTED)
        said = veil(answer(county, towns, by_township=True))
    assert (said["indicators"]["incident_patients"]["numerator"], said["indicators"][CODE]) == ("<5", HIDDEN)
    assert {town[CODE] for town in said["townships"].values()} == {HIDDEN}
    definition = {"unit": "count", "sensitive": True}
    levels = {f"risk_{level}": [0, None] for level in range(6)}
    numbers = {"incident_patients": [3, 8], CODE: [5, None], "managed": [0, 8], "registered": [8, None], **levels}
    cells = shown(dict.fromkeys(numbers, definition), numbers, below=5)
    assert cells[CODE].value == HIDDEN


@pytest.mark.django_db
def test_the_page_lists_each_event_and_says_what_it_cannot_tell(world, several, log_in, looks):
    address = reverse("reports:indicator", args=[CODE])
    page = log_in(world.commission).get(address, {"as_of": T.isoformat()})
    assert (page.context["value"], len(page.context["events"]), page.context["persons"]) == ("5", 5, "3")
    assert page.context["deadly"] == 1
    names = [line["row"].name for line in page.context["events"]]
    assert "冉启明" not in names  # masked for whoever does not treat them
    assert looks  # the reading is on record
    own = log_in(world.worker).get(address, {"as_of": T.isoformat()})
    assert [line["row"].name for line in own.context["events"]] == ["冉启明", "冉启明", "石大山", "冉启明"]


@pytest.mark.django_db
def test_in_a_meeting_and_for_who_may_not_open_lists_no_event_is_shown(world, several, log_in):
    address = reverse("reports:indicator", args=[CODE])
    client = log_in(world.commission)
    session = client.session
    session[MEETING] = True
    session.save()
    page = client.get(address, {"as_of": T.isoformat()})
    text = page.content.decode()
    assert (page.context["events"], page.context["value"], page.context["persons"]) == (None, HIDDEN, "<5")
    assert ("会议展示时不显示名单" in text, "冉" in text) == (True, False)
    assert {line.value for line in page.context["parts"]} == {HIDDEN}


@pytest.mark.django_db
def test_more_events_cost_no_more_statements(world, several, someone, log_in, django_assert_max_num_queries):
    client, address = log_in(world.commission), reverse("reports:indicator", args=[CODE])
    client.get(address, {"as_of": T.isoformat()})
    with django_assert_max_num_queries(200) as few:
        client.get(address, {"as_of": T.isoformat()})
    for name in ("张一", "张二", "张三"):
        someone(name, Line(date(2025, 5, 1), incidents=2))
    with django_assert_max_num_queries(len(few)):
        page = client.get(address, {"as_of": T.isoformat()})
    assert page.context["value"] == "11"


@pytest.mark.django_db
@pytest.mark.parametrize(("pack_id", "word"), [("tengzhou-2017", "重大"), ("zhongyuan-2016", "命案")])
def test_a_plan_that_asks_for_the_gravest_gets_all_with_the_reason_in_words(
    world, someone, tmp_path, monkeypatch, pack_id, word
):
    text = (packs.FOLDER / f"{pack_id}.toml").read_text(encoding="utf-8")
    area = pack(pack_id).area
    (tmp_path / f"{pack_id}.toml").write_text(text.replace(f'area = "{area}"', f'area = "{COUNTY}"'), "utf-8")
    monkeypatch.setattr(packs, "FOLDER", tmp_path)
    load_plan(pack_id)
    patient = someone("冉启明", opened_on=date(2019, 3, 1))
    incident(patient, world.worker, at(date(2020, 2, 1)), crime=1)
    found = pack(pack_id)
    with scope(counties=[world.county.pk]):
        figures, towns = figures_of(world.county, Cut(date(2020, 12, 31), timezone.localdate()), found.codes)
        row = next(row for row in plan_rows(found, figures, towns) if row.row.code == CODE)
    assert (row.value_text, row.fraction_text, row.standing) == ("1", "1 件", Standing.REPORT_ONLY)
    assert row.note.startswith("只报告，不评判；")
    assert word in row.note
