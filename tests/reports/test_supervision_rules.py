"""督导整改, the pure part: when a finding is late, which step of the ladder is open, how a history reads on a day."""

from datetime import date, timedelta
from random import Random

import pytest

from accounts.rules.machine import faults
from reports.queries.packs import pack
from reports.rules.findings import FINDINGS, Entry, FindingStanding, is_overdue, pressing_of, standing_on, tally_on
from reports.rules.ladder import (
    COMMON,
    MEASURES,
    Ladder,
    is_listing_late,
    open_steps,
    starts_as,
    state_on,
    why_no_delisting,
    why_no_veto,
    why_shut,
)
from reports.terms import Rung
from tests.reports.plan_duties import DUTIES

DUE = date(2026, 9, 30)
DAY = timedelta(days=1)
C, T, L, V = Rung.CIRCULAR, Rung.INTERVIEW, Rung.LISTING, Rung.VETO


def test_the_machines_have_no_fault():
    assert (faults(FINDINGS), faults(MEASURES)) == (set(), set())


@pytest.mark.parametrize(
    ("state", "on", "late"),
    [
        ("open", DUE - DAY, False), ("open", DUE, False), ("open", DUE + DAY, True), ("reported", DUE + DAY, False),
        ("right", DUE + DAY, False), ("withdrawn", DUE + DAY, False),
    ],
)  # fmt: skip
def test_a_finding_is_late_the_day_after_its_term(state, on, late):
    assert is_overdue(state, DUE, on) is late
    assert pressing_of(state, DUE, on).is_late is late


@pytest.mark.parametrize(
    ("rung", "state", "on", "steps"),
    [
        pytest.param("", "open", DUE, (), id="last-day-in-time"),
        pytest.param("", "open", DUE + DAY, (C,), id="first-step-the-day-after"),
        pytest.param("circular", "open", DUE + DAY, (T,), id="after-the-circular"),
        pytest.param("interview", "open", DUE + DAY, (L,), id="after-the-interview"),
        pytest.param("listing", "open", DUE + DAY, (V,), id="after-the-listing"),
        pytest.param("veto", "open", DUE + DAY, (), id="nothing-above-the-veto"),
        pytest.param("circular", "open", DUE, (), id="the-new-term-runs"),
        pytest.param("", "reported", DUE + DAY, (), id="waits-for-acceptance"),
        pytest.param("interview", "right", DUE + DAY, (), id="put-right"),
        pytest.param("", "withdrawn", DUE + DAY, (), id="withdrawn"),
    ],
)
def test_the_next_step_opens_when_the_term_has_passed_and_none_is_skipped(rung, state, on, steps):
    standing = {"rung": rung, "state": state, "due_on": DUE, "on": on}
    assert open_steps(COMMON, **standing) == steps
    assert bool(why_shut(**standing))


@pytest.mark.parametrize(
    ("ladder", "rung", "steps"),
    [
        (Ladder("x", (C, T, L, V), skipping=True), "", (C, T, L, V)),
        (Ladder("x", (C, T, L, V), skipping=True), "interview", (L, V)),
        (Ladder("x", (C, L)), "", (C,)), (Ladder("x", (C, L)), "circular", (L,)), (Ladder("x", (C, L)), "listing", ()),
        # the plan was changed since: a step that it no longer names counts by its place
        (Ladder("x", (C, L)), "interview", (L,)),
    ],
)  # fmt: skip
def test_a_plans_own_ladder_decides_what_may_be_left_out(ladder, rung, steps):
    assert open_steps(ladder, rung=rung, state="open", due_on=DUE, on=DUE + DAY) == steps


@pytest.mark.parametrize(
    ("standing", "word"),
    [
        ({"rung": "", "state": "open", "on": DUE}, "2026-09-30"),
        ({"rung": "", "state": "reported", "on": DUE + DAY}, "先确认到位或退回"),
        ({"rung": "", "state": "right", "on": DUE + DAY}, "整改到位"),
        ({"rung": "veto", "state": "open", "on": DUE + DAY}, "一票否决"),
        ({"rung": "circular", "state": "open", "on": DUE + DAY}, "现在到“通报”"),
        ({"rung": "", "state": "open", "on": DUE + DAY}, "还没有通报"),
    ],
)
def test_a_shut_step_says_why(standing, word):
    assert word in why_shut(due_on=DUE, **standing)


def test_each_step_begins_in_its_state():
    assert [starts_as(rung).value for rung in Rung] == ["issued", "issued", "listed", "in_force"]


@pytest.mark.parametrize(
    ("state", "today", "shown"),
    [
        ("in_force", date(2026, 12, 31), "in_force"), ("in_force", date(2027, 1, 1), "expired"),
        ("lifted", date(2027, 1, 1), "lifted"), ("revoked", date(2027, 1, 1), "revoked"),
    ],
)  # fmt: skip
def test_a_veto_ends_with_the_year_of_its_assessment(state, today, shown):
    assert state_on(state, 2026, today) == shown


@pytest.mark.parametrize(("year", "refused"), [(2025, True), (2026, False), (2027, False), (2028, True), (0, True)])
def test_a_veto_is_of_the_year_it_is_decided_in_or_the_next(year, refused):
    assert bool(why_no_veto(year, date(2026, 12, 1))) is refused


def test_a_listing_ends_once_all_is_put_right_and_is_late_the_day_after_its_term():
    assert why_no_delisting(["right", "withdrawn"]) == ""
    assert "2 个问题" in why_no_delisting(["right", "open", "reported"])
    assert [is_listing_late("listed", DUE, on) for on in (DUE, DUE + DAY)] == [False, True]
    assert (is_listing_late("delisted", DUE, DUE + DAY), is_listing_late("listed", None, DUE)) == (False, False)


# ── a history on a day ───────────────────────────────────────────────────────────────────────────────────────────────
def days(n):
    return date(2026, 1, 1) + timedelta(days=n)


HISTORY = [
    Entry("found", days(10), days(40)), Entry("progress", days(12)), Entry("raised", days(45), days(75), "circular"),
    Entry("reported", days(60)), Entry("progress", days(55)), Entry("returned", days(62), days(90)),
    Entry("raised", days(95), days(125), "interview"), Entry("revoked", days(100), days(90), "circular"),
    Entry("reported", days(110)), Entry("accepted", days(112)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        (9, None), (10, ("open", 40, "")), (44, ("open", 40, "")), (45, ("open", 75, "circular")),
        (60, ("reported", 75, "circular")), (62, ("open", 90, "circular")), (95, ("open", 125, "interview")),
        (100, ("open", 90, "circular")), (110, ("reported", 90, "circular")), (112, ("right", 90, "circular")),
    ],
)  # fmt: skip
def test_a_history_says_how_the_finding_stood_on_a_day(day, standing):
    expected = None if standing is None else FindingStanding(standing[0], days(standing[1]), standing[2])
    assert standing_on(HISTORY, days(day)) == expected


def test_a_tally_leaves_withdrawn_findings_out_and_adds_up():
    late = [Entry("found", days(0), days(5))]
    runs = [Entry("found", days(0), days(20))]
    gone = [*runs, Entry("withdrawn", days(1))]
    later = [Entry("found", days(11), days(20))]
    waits = [*late, Entry("reported", days(4))]
    right = [*waits, Entry("accepted", days(9))]
    tally = tally_on([late, runs, gone, later, waits, right], days(10), listed=2)
    assert (tally.found, tally.right, tally.waiting, tally.open, tally.overdue, tally.listed) == (4, 1, 1, 2, 1, 2)


@pytest.mark.parametrize("seed", range(20))
def test_the_parts_of_a_tally_never_exceed_the_whole(seed):
    draw = Random(seed)
    acts = ["reported", "returned", "accepted", "withdrawn", "raised"]
    histories = []
    for _ in range(12):
        on = draw.randrange(30)
        lines = [Entry("found", days(on), days(on + draw.randrange(40)))]
        for _ in range(draw.randrange(5)):
            on += draw.randrange(10)
            lines.append(Entry(draw.choice(acts), days(on), draw.choice([None, days(on + 9)])))
        histories.append(lines)
    tally = tally_on(histories, days(draw.randrange(80)))
    assert tally.found == tally.right + tally.waiting + tally.open
    assert 0 <= tally.overdue <= tally.open


# ── what the plans' texts say ────────────────────────────────────────────────────────────────────────────────────────
def test_only_one_plan_names_its_steps_and_all_speak_of_supervision():
    said = {name: pack(name).work.supervision for name in DUTIES}
    assert {name: found.clause for name, found in said.items()} == {
        "tengzhou-2017": "五", "fuxin-2016": "三（一）；三（二）；四（四）", "zhongyuan-2016": "四",
        "youyang-2023": "二（四）13；三（三）", "zoucheng-2019": "三（四）",
    }  # fmt: skip
    named = {name: found.ladder for name, found in said.items() if found.ladder}
    assert named == {"zoucheng-2019": Ladder("三（四）", (C, T, L, V), skipping=False)}
