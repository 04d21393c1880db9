"""A freeze: who makes it, what it keeps, what nobody can change, and what the pages say of it later."""

import zlib
from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.refusals import Denied
from accounts.scope import scope
from accounts.terms import FieldGroup
from registry.services.teams import place_staff
from reports.models import Freeze, FreezePart, PlanReport
from reports.queries.freezes import changes_of, open_freeze
from reports.rules.months import last_quarter_end
from reports.services.freezes import FreezeRefused, FrozenAlready, freeze
from reports.services.plan_reports import request_report
from reports.terms import FreezeKind, Outcome
from reports.views.asked import MEETING
from tests.conftest import VILLAGE_A1, VILLAGE_B1
from tests.reports.conftest import PLAN
from tests.reports.histories import Line
from tests.reports.records import add_visits, became

pytestmark = pytest.mark.django_db


@pytest.fixture
def day():
    return last_quarter_end(timezone.localdate())


@pytest.fixture
def people(world, plan, day):
    """Two of the town seen in the quarter, one never; one of the other town seen."""
    seen = [world.patient(VILLAGE_A1, name, opened_on=date(2024, 5, 6)) for name in ("冉启明", "石大山")]
    never = world.patient(VILLAGE_A1, "白小川", opened_on=date(2024, 5, 6))
    other = world.patient(VILLAGE_B1, "田家和", opened_on=date(2024, 5, 6))
    for patient in (*seen, other):
        add_visits(patient, [Line(day - timedelta(days=3))], world.worker)
    return {"seen": seen[0], "also": seen[1], "never": never, "other": other}


@pytest.fixture
def close(world, people, day):
    def act(kind=FreezeKind.QUARTER, by=None, as_of=None, **more):
        by = by or world.commission
        with scope(by):
            row = freeze(kind=kind, area=more.pop("area", world.county), as_of=as_of or day, by=by, **more)
        return Freeze.objects.select_related("area", "frozen_by").get(pk=row.pk)

    return act


def opened(row, area, by):
    with scope(by):
        return open_freeze(row, area)


def test_a_freeze_keeps_figures_people_and_reasons_and_says_so_in_the_audit(world, close, events):
    row = close(note="第三季度例会")
    assert (row.content["total"]["managed"], row.people) == ([3, 4], 4)
    assert [line["figures"]["managed"] for line in row.content["townships"]] == [[2, 3], [1, 1]]
    found = opened(row, world.county, world.commission)
    assert (found.checked.holds, found.checked.parts) == (True, 2)
    assert sorted(found.letters("managed").values()) == ["1", "1", "1", "a"]
    assert row.content["codes"]["managed"]["needs"] == ["年内没有完整随访记录"]
    assert [(e.action, e.because, e.facts["sha256"]) for e in events] == [
        ("reports.freeze.made", "第三季度例会", row.sha256)
    ]


def test_posts_are_frozen_too_and_have_no_people(world, close, day):
    with scope(world.county_office):
        place_staff(township=world.town_a, on=day - timedelta(days=40), name="人员甲", share=50, by=world.county_office)
    row = close()
    assert row.content["total"]["staff_ratio"] == [4, "0.5"]
    assert "staff_ratio" not in opened(row, world.county, world.commission).codes
    (plan,) = row.content["plans"]
    assert next(line for line in plan["rows"] if line["code"] == "staff_ratio")["value"] == "1/8"


def test_the_digits_stay_and_the_difference_names_who_counts_otherwise_now(world, close, people, day):
    row = close()
    before = dict(row.content["total"])
    add_visits(people["never"], [Line(day - timedelta(days=1))], world.worker)  # entered late
    became(people["also"], day - timedelta(days=2), "dead")
    again = Freeze.objects.select_related("area", "frozen_by").get(pk=row.pk)
    assert again.content["total"] == before
    with scope(world.commission):
        changes = {change.code: change for change in changes_of(open_freeze(again, world.county), timezone.localdate())}
    managed = changes["managed"]
    assert (managed.before, managed.after) == ((3, 4), (3, 3))
    assert {each.patient for each in managed.people} == {people["never"].pk, people["also"].pk}


def test_who_stays_the_same_for_another_reason_is_not_listed(world, close, people, day):
    row = close()
    add_visits(people["never"], [Line(day - timedelta(days=1), adherence=3)], world.worker)
    with scope(world.commission):
        changes = {change.code: change for change in changes_of(open_freeze(row, world.county), timezone.localdate())}
    assert len(changes["managed"].people) == 1
    assert changes["regular_medication"].people == ()


@pytest.mark.parametrize("table", ["reports_freeze", "reports_freezepart"])
@pytest.mark.parametrize("act", ["UPDATE {} SET uuid = uuid", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_nobody_of_the_application_changes_a_freeze(world, close, table, act):
    close()
    with (
        scope(world.commission),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(act.format(table))


def test_what_was_changed_behind_our_back_is_seen_when_it_is_opened(world, close):
    row = close()
    row.content["total"]["managed"] = [4, 4]
    assert not opened(row, world.county, world.commission).checked.figures_hold
    row = Freeze.objects.select_related("area", "frozen_by").get(pk=row.pk)
    row.content["townships"][0]["sha256"] = "0" * 64
    found = opened(row, world.county, world.commission).checked
    assert (found.figures_hold, found.broken) == (False, (row.content["townships"][0]["name"],))


def test_a_township_opens_its_own_people_only(world, close):
    row = close()
    with scope(world.worker):
        assert list(FreezePart.objects.values_list("township", flat=True)) == [world.town_a.pk]
        found = open_freeze(row, world.town_a)
    assert (len(found.letters("managed")), found.numbers["managed"]) == (3, [2, 3])
    with scope(world.stranger):
        assert not FreezePart.objects.exists()


def test_the_people_are_sealed_in_the_database(world, close, people):
    close()
    with scope(world.commission), connection.cursor() as cursor:
        cursor.execute("SELECT content FROM reports_freezepart ORDER BY id")
        kept = [bytes(row[0]) for row in cursor.fetchall()]
        part = FreezePart.objects.order_by("pk")[0]
    plain = zlib.decompress(part.content)
    assert f"{people['seen'].pk} 1".encode() in plain
    assert all(str(people["seen"].pk).encode() + b" 1" not in sealed for sealed in kept)


def test_only_the_commission_closes_and_only_its_own_area(world, close):
    with pytest.raises(Denied):
        close(by=world.county_office)
    with pytest.raises(Denied):
        close(by=world.worker)
    with pytest.raises(FreezeRefused, match="不归您办理"):
        close(area=world.places["990002"])


def test_the_same_day_is_frozen_once(world, close):
    close()
    with pytest.raises(FrozenAlready):
        close()
    assert Freeze.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        pytest.param({"as_of": date(2099, 12, 31)}, "as_of", id="ahead"),
        pytest.param({"as_of": date(2025, 9, 29)}, "as_of", id="inside-a-quarter"),
        pytest.param({"kind": FreezeKind.FINAL}, "pack", id="an-assessment-of-no-plan"),
        pytest.param({"pack_id": PLAN}, "pack", id="a-quarter-of-a-plan"),
        pytest.param({"kind": FreezeKind.FINAL, "pack_id": "nowhere"}, "pack", id="an-unknown-plan"),
        pytest.param({"kind": FreezeKind.MIDTERM, "pack_id": PLAN, "as_of": date(2021, 1, 1)}, "as_of", id="too-early"),
    ],
)
def test_what_cannot_be_frozen_is_refused_at_its_field_and_nothing_is_kept(close, facts, field):
    with pytest.raises(FreezeRefused) as refused:
        close(**facts)
    assert refused.value.field == field
    assert Freeze.objects.count() == 0


def test_the_report_of_an_assessment_says_what_was_frozen(world, close, people, day):
    row = close(kind=FreezeKind.FINAL, pack_id=PLAN)
    add_visits(people["never"], [Line(day - timedelta(days=1))], world.worker)
    ask = {"pack_id": PLAN, "area": world.county, "as_of": day, "by": world.commission}
    with scope(world.commission):
        frozen, now = request_report(**ask, freeze=row), request_report(**ask)
    said = {name: report.facts["sections"][0]["paragraphs"][0] for name, report in (("then", frozen), ("now", now))}
    assert ("在管3人" in said["then"], "在管4人" in said["now"]) == (True, True)
    assert row.sha256[:16] in frozen.facts["frozen"]
    assert (frozen.freeze_id, now.freeze_id) == (row.pk, None)


def test_the_pages_from_freezing_to_the_list(world, people, log_in, day, looks):
    client = log_in(world.commission)
    asked = {"kind": "quarter", "as_of": f"{day:%Y-%m-%d}", "pack": "", "note": ""}
    assert client.post(reverse("reports:freeze_new"), {**asked, "as_of": "2026-02-30"}).status_code == 400
    assert client.post(reverse("reports:freeze_new"), asked).status_code == 302
    twice = client.post(reverse("reports:freeze_new"), asked)
    assert (twice.status_code, "已经冻结过" in twice.content.decode()) == (400, True)
    row = Freeze.objects.get()
    assert row.sha256 in client.get(reverse("reports:freeze", args=[row.uuid])).content.decode()
    add_visits(people["never"], [Line(day - timedelta(days=1))], world.worker)
    page = client.get(reverse("reports:freeze_changes", args=[row.uuid]))
    lines = {line["name"]: line for line in page.context["lines"]}
    assert (lines["管理率"]["before"].words, lines["管理率"]["after"].words) == ("75.00%（3 / 4）", "100.00%（4 / 4）")
    people_page = reverse("reports:freeze_people", args=[row.uuid, "managed"])
    (line,) = client.get(people_page).context["people"]
    assert (line["row"].name, line["row"].before, line["row"].after) == (
        "白＊川",
        "没算进去：年内没有完整随访记录",
        "算进去",
    )
    assert [entered.what for entered in line["row"].entered] == ["补录|随访"]
    assert looks[-1].persons == [people["never"].uuid]
    assert FieldGroup.IDENTITY in looks[-1].groups
    counted = client.get(people_page, {"side": "counted"}).context
    assert [len(counted["people"]), counted["elsewhere"]] == [3, 0]
    mine = log_in(world.worker).get(people_page, {"side": "counted"}).context["people"]
    assert sorted(line["row"].name for line in mine) == ["冉启明", "石大山"]


def test_a_meeting_sees_numbers_without_small_ones_and_no_list(world, close, people, log_in, day):
    row = close()
    add_visits(people["never"], [Line(day - timedelta(days=1), level=3, stability=1)], world.worker)
    client = log_in(world.commission)
    session = client.session
    session[MEETING] = True
    session.save()
    (plan,) = client.get(reverse("reports:freeze", args=[row.uuid])).context["plans"]
    assert {line["value"] for line in (*plan["table"], *plan["in_text"]) if line["code"] == "lai"} == {"—"}
    page = client.get(reverse("reports:freeze_people", args=[row.uuid, "risk_3"]))
    assert (page.context["after"].value, page.context["people"]) == ("<5", None)
    changed = client.get(reverse("reports:freeze_changes", args=[row.uuid])).context["lines"]
    assert {line["people"] for line in changed} == {"<5"}
    assert [part["value"] for part in client.get(
        reverse("reports:freeze_people", args=[row.uuid, "scz_treated"])
    ).context["parts"]] == ["—", "—"]  # fmt: skip


def test_a_stranger_finds_no_freeze_and_no_report_of_another_plan_is_made(world, close, log_in):
    row = close()
    assert log_in(world.stranger).get(reverse("reports:freeze", args=[row.uuid])).status_code == 404
    client = log_in(world.commission)
    assert client.post(reverse("reports:freeze_report", args=[row.uuid]), {"pack": "nowhere"}).status_code == 404
    assert client.post(reverse("reports:freeze_report", args=[row.uuid]), {"pack": PLAN}).status_code == 302
    assert PlanReport.objects.get().freeze == row


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_number_of_queries(world, close, people, log_in, day, count, django_assert_num_queries):
    more = [world.patient(VILLAGE_A1, opened_on=date(2024, 5, 6)) for _ in range(2)]
    row = close()
    for patient in [people["never"], *more][:count]:
        add_visits(patient, [Line(day - timedelta(days=1))], world.worker)
    client = log_in(world.worker)
    client.get(reverse("reports:freezes"))
    with django_assert_num_queries(LIST_QUERIES):
        page = client.get(reverse("reports:freeze_people", args=[row.uuid, "managed"]))
    assert len(page.context["people"]) == count


LIST_QUERIES = 39


def test_outcomes_have_words():
    assert [outcome.label for outcome in Outcome] == ["算进去", "没算进去", "不在分母里"]
