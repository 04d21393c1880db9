"""Reported values: who enters, who confirms, what counts when."""

from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.refusals import Denied
from accounts.rules.work import Urgency
from accounts.scope import scope
from accounts.terms import AgencyKind, Role
from reports.models import ReportedValue
from reports.queries.figures import figures_of
from reports.queries.plan_table import plan_rows
from reports.queries.reported import values_on
from reports.queries.reported_lines import reported_lines
from reports.rules.cut import Cut
from reports.services.reported import NotWaiting, SamePerson, ValueRefused, confirm_value, enter_value, return_value
from reports.terms import Duty, ReportedState, Standing
from tests import factories
from tests.reports.conftest import PLAN

pytestmark = pytest.mark.django_db
SEPTEMBER = date(2025, 9, 30)


@pytest.fixture
def enter(world, plan):
    def act(key="school_counselling_rooms", by=None, **facts):
        said = {
            "period_to": SEPTEMBER,
            "numerator": Decimal(138),
            "denominator": Decimal(145),
            "evidence": "县教委统计表",
        }
        return enter_value(pack_id=PLAN, key=key, area=world.county, by=by or world.department, **(said | facts))

    return act


def _standing(world, key, day=SEPTEMBER):
    with scope(counties=[world.county.pk]):
        plan = _pack()
        figures, towns = figures_of(world.county, Cut(day, timezone.localdate()), plan.codes)
    return next(row for row in plan_rows(plan, figures, towns) if row.row.key == key).standing


def _pack():
    from reports.queries.packs import pack

    return pack(PLAN)


def test_a_value_counts_once_the_commission_has_confirmed_it(world, enter, events):
    assert _standing(world, "school_counselling_rooms") is Standing.MISSING
    value = enter()
    assert _standing(world, "school_counselling_rooms") is Standing.UNCONFIRMED
    confirm_value(value, by=world.commission)
    assert _standing(world, "school_counselling_rooms") is Standing.MET
    assert [(event.action, event.actor_name) for event in events] == [
        ("reports.value.entered", world.department.display_name),
        ("reports.value.confirmed", world.commission.display_name),
    ]


def test_a_value_counts_from_the_end_of_its_period(world, enter):
    confirm_value(enter(), by=world.commission)
    assert _standing(world, "school_counselling_rooms", SEPTEMBER - timedelta(days=1)) is Standing.MISSING
    assert _standing(world, "school_counselling_rooms", date(2026, 6, 30)) is Standing.MET


def test_the_newest_confirmed_period_holds_and_a_waiting_one_does_not_displace_it(world, enter):
    confirm_value(enter(), by=world.commission)
    enter(period_to=date(2025, 12, 31), numerator=Decimal(10))
    found = values_on(_pack(), world.county, date(2026, 1, 31))["school_counselling_rooms"]
    assert (found.numerator, found.confirmed) == (Decimal(138), True)


def test_entering_again_replaces_what_still_waits_and_confirming_again_what_counted(world, enter):
    first = enter()
    second = enter(numerator=Decimal(140))
    confirm_value(second, by=world.commission)
    third = enter(numerator=Decimal(141))
    confirm_value(third, by=world.commission)
    states = [ReportedValue.objects.get(pk=value.pk).state for value in (first, second, third)]
    assert states == [ReportedState.REPLACED, ReportedState.REPLACED, ReportedState.CONFIRMED]


def test_nobody_confirms_their_own_value(world, enter):
    own = enter(key="beds_per_thousand", by=world.commission, denominator=Decimal(852_640))
    with pytest.raises(SamePerson):
        confirm_value(own, by=world.commission)
    confirm_value(own, by=world.county_office)


def test_a_returned_value_does_not_count_and_says_why(world, enter):
    value = return_value(enter(), because="请附统计表", by=world.commission)
    assert (value.state, value.return_reason) == (ReportedState.RETURNED, "请附统计表")
    assert _standing(world, "school_counselling_rooms") is Standing.MISSING
    with pytest.raises(NotWaiting):
        confirm_value(value, by=world.commission)
    with pytest.raises(ValueRefused):
        return_value(enter(), because="  ", by=world.commission)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        pytest.param({"numerator": Decimal(146)}, "numerator", id="more-than-all"),
        pytest.param({"numerator": Decimal(-1)}, "numerator", id="negative"),
        pytest.param({"denominator": Decimal(0)}, "denominator", id="of-nothing"),
        pytest.param({"denominator": None}, "denominator", id="no-denominator"),
        pytest.param({"evidence": " "}, "evidence", id="no-evidence"),
        pytest.param({"period_to": date(2099, 1, 1)}, "period_to", id="ahead"),
    ],
)
def test_a_wrong_value_is_refused_at_its_field(enter, facts, field):
    with pytest.raises(ValueRefused) as refused:
        enter(**facts)
    assert refused.value.field == field


def test_yes_or_no_is_one_or_zero(world, enter):
    with pytest.raises(ValueRefused, match="只填 1"):
        enter(key="crisis_line", by=world.commission, numerator=Decimal(2), denominator=None)
    assert enter(key="crisis_line", by=world.commission, numerator=Decimal(1), denominator=None).denominator is None


def test_a_department_enters_its_own_rows_only_and_nobody_types_a_computed_one(world, enter):
    for key in ("psychiatrists", "standard_managed", "nonsense"):
        with pytest.raises(Denied):
            enter(key=key)
    with pytest.raises(Denied):
        enter(by=world.worker)
    with pytest.raises(Denied):
        enter(key="standard_managed", by=world.commission)


def test_the_next_county_neither_enters_nor_confirms(world, enter):
    other = world.places["990002"]
    agency = factories.make_agency(AgencyKind.HEALTH_COMMISSION, other)
    stranger = factories.make_user(Role.COMMISSION, other, agency, username="other_commission")
    value = enter()
    with pytest.raises(Denied):
        confirm_value(value, by=stranger)
    with pytest.raises(Denied):
        enter(by=stranger, key="beds_per_thousand")


def test_the_numbers_of_a_value_can_never_be_rewritten(world, enter):
    from django.db import ProgrammingError, transaction

    value = enter()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        ReportedValue.objects.filter(pk=value.pk).update(numerator=1)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        value.delete()


def test_the_pages_from_entering_to_confirming(world, plan, log_in):
    client = log_in(world.department)
    page = client.get(reverse("reports:reported"))
    mine = [line["row"].row.key for line in page.context["rows"] if line["mine"]]
    assert mine == ["school_counselling_rooms", "family_education_sites"]
    address = reverse("reports:reported_new", args=[PLAN, "school_counselling_rooms"])
    wrong = client.post(address, {"period_to": "20250930", "numerator": "一百", "denominator": "145", "evidence": "表"})
    assert (wrong.status_code, wrong.context["form"].errors["numerator"]) == (
        400, ["不是一个数。请只写数字，例如 138 或 852640。"],
    )  # fmt: skip
    good = {"period_to": "2025/9/30", "numerator": "１３８", "denominator": "145", "evidence": "县教委统计表"}
    assert client.post(address, good).status_code == 302
    value = ReportedValue.objects.get()
    assert (value.numerator, value.period_from, value.period_to) == (138, date(2025, 1, 1), SEPTEMBER)
    assert client.post(reverse("reports:reported_confirm", args=[value.uuid])).status_code == 403
    client = log_in(world.commission)
    assert client.post(reverse("reports:reported_confirm", args=[value.uuid])).status_code == 302
    value.refresh_from_db()
    assert (value.state, value.decided_by) == (ReportedState.CONFIRMED, world.commission)


def test_a_page_of_someone_elses_row_is_not_found(world, plan, log_in):
    client = log_in(world.department)
    assert client.get(reverse("reports:reported_new", args=[PLAN, "psychiatrists"])).status_code == 404
    assert client.get(reverse("reports:reported_new", args=["nowhere", "psychiatrists"])).status_code == 404


PDF = b"%PDF-1.7 a table of the schools"


def test_a_file_may_stand_for_the_note_and_only_its_office_and_the_commission_read_it(
    world, plan, enter, log_in, events
):
    value = enter(evidence="", file=BytesIO(PDF))
    assert events[-1].facts["file_sha256"] == sha256(PDF).hexdigest()
    address = reverse("reports:reported_evidence", args=[value.uuid])
    for user in (world.department, world.commission):
        answer = log_in(user).get(address)
        assert (answer.content, answer["Content-Disposition"]) == (
            PDF, 'attachment; filename="evidence-school_counselling_rooms-20250930.pdf"',
        )  # fmt: skip
    agency = factories.make_agency(AgencyKind.HUMAN_RESOURCES, world.county)
    other = factories.make_user(Role.DEPARTMENT, world.county, agency, username="another_department")
    client = log_in(other)
    assert client.get(address).status_code == 404
    page = client.get(reverse("reports:reported"))
    assert [entry["file"] for entry in page.context["entries"]] == [""]
    assert [event.action for event in events[-2:]] == ["reports.value.file_downloaded"] * 2


@pytest.mark.parametrize(
    ("content", "word"),
    [
        pytest.param(b"", "空的", id="empty"),
        pytest.param(b"PK\x03\x04 a workbook", "只收 PDF", id="another-kind"),
        pytest.param(b"%PDF-" + b"x" * (5 * 1024 * 1024), "超过 5 MB", id="too-large"),
    ],
)
def test_a_file_that_cannot_be_kept_is_refused_and_nothing_is_entered(enter, content, word):
    with pytest.raises(ValueRefused, match=word) as refused:
        enter(file=BytesIO(content))
    assert refused.value.field == "file"
    assert not ReportedValue.objects.exists()


def test_a_file_is_sealed_and_never_exchanged(world, enter):
    from django.db import ProgrammingError, connection, transaction

    enter(file=BytesIO(PDF))
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM reports_evidencefile")
        assert b"schools" not in bytes(cursor.fetchone()[0])
    for act in ("UPDATE reports_evidencefile SET size = 1", "DELETE FROM reports_evidencefile"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(act)


def test_data_from_before_the_plan_is_refused(enter):
    with pytest.raises(ValueRefused, match="早于计划的基期") as refused:
        enter(period_to=date(2021, 12, 31))
    assert refused.value.field == "period_to"


def test_the_history_of_a_row_shows_every_entry_with_its_reason_and_who_decided(world, plan, enter, log_in):
    return_value(enter(numerator=Decimal(120)), because="请附统计表", by=world.commission)
    confirm_value(enter(), by=world.commission)
    enter(period_to=date(2025, 12, 31))
    page = log_in(world.department).get(reverse("reports:reported_row", args=[PLAN, "school_counselling_rooms"]))
    assert [(entry["value"].get_state_display(), entry["value"].return_reason) for entry in page.context["entries"]] == [
        ("待确认", ""), ("已确认", ""), ("已退回", "请附统计表"),
    ]  # fmt: skip
    assert world.commission.display_name in page.content.decode()
    client = log_in(world.department)
    assert client.get(reverse("reports:reported_row", args=[PLAN, "standard_managed"])).status_code == 404
    assert client.get(reverse("reports:reported_row", args=["nowhere", "psychiatrists"])).status_code == 404


def test_the_page_counts_what_ones_own_office_has_to_do_and_what_waits(world, plan, enter, log_in):
    page = log_in(world.department).get(reverse("reports:reported"))
    assert (page.context["todo"], page.context["waiting"]) == ("2 项逾期", 0)  # the plan's last year is over
    first = page.context["rows"][0]
    form = log_in(world.department).get(first["href"]).context["form"]
    assert form["period_to"].value() == "2025-12-31"  # the day asked for stands there
    assert (first["own"], first["todo"].duty, first["todo"].due_on) == (True, Duty.LATE, date(2026, 1, 15))
    value = enter(period_to=date(2025, 12, 31))
    page = log_in(world.department).get(reverse("reports:reported"))
    assert page.context["todo"] == "1 项逾期"
    assert log_in(world.commission).get(reverse("reports:reported")).context["waiting"] == 1
    return_value(value, because="分母不对", by=world.commission)
    page = log_in(world.department).get(reverse("reports:reported"))
    assert page.context["todo"] == "1 项被退回，请改正，1 项逾期"
    assert page.context["rows"][0]["todo"].because == "分母不对"


def test_todays_work_of_the_county_office_leads_to_what_is_late_and_what_waits(world, plan, enter):
    today = timezone.localdate()
    enter()
    with scope(world.county_office):
        lines = {line.verb: line for line in reported_lines(world.county_office, today)}
    assert lines["去确认"].name == "待确认的填报 1 条"
    assert (lines["去填报"].due_on, lines["去填报"].urgency) == (date(2026, 1, 15), Urgency.LATE)
    with scope(world.worker):
        assert reported_lines(world.worker, today) == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_number_of_queries(world, plan, enter, log_in, count, django_assert_num_queries):
    for month in range(1, count + 1):
        enter(period_to=date(2025, month, 28), file=BytesIO(PDF))
    client = log_in(world.commission)
    client.get(reverse("reports:reported"))
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(reverse("reports:reported"))


PAGE_QUERIES = 17
