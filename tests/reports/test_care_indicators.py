"""What is counted from other records than the visits: by either way of counting, with its list and its reasons."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from accounts.models import Agency, Division
from accounts.reach import Reach
from accounts.scope import scope, system_scope
from exchange.models import PersonNotice, PersonNoticeCopy, RecipientTemplate
from registry.models import Guardianship, TemporaryFile
from registry.services.teams import end_staff, place_staff
from reports.queries.breakdown import by_group, by_quarter
from reports.queries.figures import figures_of
from reports.queries.people import COUNTED, NOT_COUNTED, Wanted, people
from reports.queries.plan_table import plan_rows
from reports.rules.cut import Cut
from reports.rules.indicators import INDICATORS
from reports.terms import Breakdown, Standing
from reports.views.people import GROUPS
from tests.conftest import VILLAGE_B1
from tests.reports.histories import Line
from tests.reports.records import became, examined, handed, incident, injected, planned, stayed

pytestmark = pytest.mark.django_db
T = date(2025, 12, 31)
WAYS = pytest.mark.parametrize("today", [date(2026, 11, 24), date(2024, 12, 31)], ids=["slots", "straight"])


def figure(world, code, today, day=T):
    """As the commission reads it; the township's worker, whose reach is another, reads the same of the own township."""
    found = []
    for user, area in ((world.commission, world.county), (world.worker, world.town_a)):
        with scope(user):
            figures, _ = figures_of(area, Cut(day, today), [code])
        found.append((figures[code].numerator, figures[code].denominator))
    assert found[0] == found[1] or code == "staff_ratio"
    return found[0]


def names(world, code, today, side):
    """The list, with the reasons."""
    with scope(counties=[world.county.pk]):
        reach = Reach(counties=frozenset({world.county.pk}))
        rows = people(Wanted(INDICATORS[code], world.county, Cut(T, today), side), named=reach)
    return {row.name: row.why for row in rows}


@WAYS
def test_free_medicine_of_the_second_generation(world, someone, today):
    by, day = world.worker, date(2025, 3, 5)
    handed(someone("冉启明", Line(date(2025, 3, 1))), by, day)
    handed(someone("石大山", Line(date(2025, 3, 1), adherence=4)), by, day)  # 医嘱勿需用药: only beside the figure
    handed(someone("白小川"), by, day, kind="first")
    handed(someone("田有福"), by, date(2024, 12, 31))
    handed(someone("向秀兰"), by, day, struck_at="2025-03-06T00:00Z", struck_by=by)
    assert figure(world, "free_sga", today) == (1, 4)
    with scope(counties=[world.county.pk]):
        figures, _ = figures_of(world.county, Cut(T, today), ["free_sga"])
    assert figures.counts["free_sga_of_all"] == (2, 5)
    assert names(world, "free_sga", today, COUNTED) == {"冉启明": "年内免费领过第二代抗精神病药"}
    assert names(world, "free_sga", today, NOT_COUNTED).keys() == {"白小川", "田有福", "向秀兰"}
    assert figure(world, "free_sga", today, date(2025, 3, 4)) == (0, 4)  # a day before it was handed out


@WAYS
def test_examined_means_the_yearly_examination_that_was_done(world, someone, today):
    by = world.worker
    examined(someone("冉启明"), by, date(2025, 5, 5))
    examined(someone("石大山"), by, date(2025, 5, 5), kind="lab")
    examined(someone("白小川"), by, date(2025, 5, 5), outcome="refused")
    examined(someone("田有福"), by, date(2024, 5, 5))
    assert figure(world, "checked_up", today) == (1, 4)
    assert names(world, "checked_up", today, NOT_COUNTED)["白小川"] == "2025 年没有健康体检的记录"


@WAYS
def test_injections_of_those_to_whom_they_are_offered(world, someone, today):
    by, day = world.worker, date(2025, 6, 1)
    gaps = someone("冉启明", Line(day, adherence=2))
    injected(gaps, by, day)
    high = someone("石大山", Line(date(2025, 2, 1), level=3, stability=1), Line(day))
    injected(high, by, date(2024, 12, 20), interval=28)  # of last year: no longer covers 31 December 2025
    alone = someone("白小川", Line(day))
    with system_scope():
        Guardianship.objects.create(patient=alone, starts_on=day, state="weak")
    freed = someone("田有福", Line(day))
    with system_scope():
        Guardianship.objects.create(patient=freed, starts_on=date(2025, 1, 1), state="none")
        Guardianship.objects.create(patient=freed, starts_on=day, state="effective")
    injected(someone("向秀兰", Line(day)), by, day)  # takes regularly, low level: nobody asks for an injection
    assert figure(world, "lai", today) == (1, 3)
    assert names(world, "lai", today, NOT_COUNTED) == {
        "石大山": "年内评估过 3 级及以上；没有长效针剂的注射记录",
        "白小川": "弱监护或无监护；没有长效针剂的注射记录",
    }
    assert figure(world, "lai", today, date(2025, 1, 17)) == (0, 1)  # 田有福 was without a guardian then


def test_an_injection_of_last_year_covers_the_day_while_its_interval_runs(world, someone):
    patient = someone("冉启明", Line(date(2025, 1, 5), adherence=3))
    injected(patient, world.worker, date(2024, 12, 20), interval=28)
    answers = [figure(world, "lai", date(2024, 12, 31), date(2025, 1, day)) for day in (17, 18)]
    assert answers == [(1, 1), (0, 1)]


@WAYS
def test_a_plan_in_force_for_the_gravest(world, someone, today):
    by, day, grave = world.worker, date(2025, 9, 1), {"level": 3, "stability": 1}
    planned(someone("冉启明", Line(day, **grave)), by, day)
    planned(someone("石大山", Line(day, **grave)), by, day, ended_on=date(2025, 12, 31))
    planned(someone("白小川", Line(day, **grave)), by, day, kind="case")
    planned(someone("田有福", Line(day)), by, day)  # of a lower level: a plan is kept, nobody asks for it
    assert figure(world, "care_plans", today) == (1, 3)
    assert figure(world, "care_plans", today, date(2025, 12, 30)) == (2, 3)
    assert (
        names(world, "care_plans", today, NOT_COUNTED)["石大山"] == "最近一次评估（09-01）为 3 级，截止日没有个人方案"
    )


@WAYS
def test_an_incident_is_one_of_the_record_or_a_confirmed_one(world, someone, today):
    by, midnight = world.worker, datetime(2024, 12, 31, 16, 0, tzinfo=UTC)  # 1 January here
    someone("冉启明", Line(date(2025, 3, 1), incidents=1))
    incident(someone("石大山"), by, midnight, trouble=1)
    incident(someone("白小川"), by, midnight - timedelta(minutes=1), crime=1)  # of the year before
    incident(someone("田有福"), by, midnight, minor_trouble=2)
    incident(someone("向秀兰"), by, midnight, "reported", crime=1)
    incident(someone("彭家旺"), by, midnight, "dismissed", crime=1)
    assert figure(world, "incident_patients", today) == (2, 6)
    assert names(world, "incident_patients", today, COUNTED).keys() == {"冉启明", "石大山"}


@WAYS
def test_treated_within_thirty_days_of_what_happened(world, someone, today):
    by, noon = world.worker, datetime(2025, 5, 1, 4, 0, tzinfo=UTC)
    in_time = someone("冉启明")
    incident(in_time, by, noon, crime=1)
    stayed(in_time, by, date(2025, 5, 31), date(2025, 6, 20))
    late = someone("石大山", Line(date(2025, 5, 1), incidents=1))
    stayed(late, by, date(2025, 6, 1))
    inside = someone("白小川", Line(date(2025, 5, 1), incidents=1))
    stayed(inside, by, date(2025, 4, 1), date(2025, 5, 1))
    out = someone("田有福", Line(date(2025, 5, 1), incidents=1))
    stayed(out, by, date(2025, 4, 1), date(2025, 4, 30))
    ordered = someone("向秀兰", Line(date(2025, 5, 1), incidents=1))
    became(ordered, date(2025, 5, 20), "detained", reason_code="held_ord", place="市强制医疗所", unit="市强制医疗所")
    held = someone("彭家旺", Line(date(2025, 5, 1), incidents=1))
    became(held, date(2025, 5, 2), "detained", reason_code="held_pol", place="看守所")  # custody is no treatment
    someone("覃桂花")
    assert figure(world, "incident_treated", today) == (3, 6)
    assert names(world, "incident_treated", today, COUNTED).keys() == {"冉启明", "白小川", "向秀兰"}
    assert figure(world, "incident_treated", today, date(2025, 5, 19)) == (1, 6)  # nobody else was in by then


@WAYS
def test_every_high_level_is_answered_within_fourteen_days(world, someone, today):
    by, high = world.worker, {"level": 3, "stability": 1}
    someone("冉启明", Line(date(2025, 3, 1), **high), Line(date(2025, 3, 15)))
    someone("石大山", Line(date(2025, 3, 1), **high), Line(date(2025, 3, 16)))
    admitted = someone("白小川", Line(date(2025, 3, 1), **high))
    stayed(admitted, by, date(2025, 3, 15), date(2025, 4, 15))
    someone("田有福", Line(date(2025, 12, 18), **high))  # the fourteenth day is after the cut-off
    someone("向秀兰", Line(date(2025, 12, 17), **high))  # it is the cut-off, and nobody came
    someone("彭家旺", Line(date(2025, 3, 1), level=2))
    assert figure(world, "high_risk_managed", today) == (3, 5)
    assert names(world, "high_risk_managed", today, NOT_COUNTED).keys() == {"石大山", "向秀兰"}
    assert figure(world, "high_risk_managed", today, date(2025, 3, 14)) == (3, 3)


@WAYS
def test_who_is_away_for_more_than_a_month_has_a_file_where_they_are(world, someone, today):
    def told(patient, **more):
        with system_scope():
            TemporaryFile.objects.create(
                patient=patient, person=patient.uuid, from_township=world.town_a, from_county=world.county,
                away_from=date(2025, 10, 1), opened_on=date(2025, 10, 2), told={}, **more,
            )  # fmt: skip

    there = {"to_township": world.town_b, "to_county": world.county}
    answered, silent, back, short = (someone(name) for name in ("冉启明", "石大山", "白小川", "田有福"))
    for patient, on in ((answered, date(2025, 10, 1)), (silent, date(2025, 10, 1)), (back, date(2025, 9, 1)),
                        (short, date(2025, 11, 30))):  # fmt: skip
        became(patient, on, "away")
    became(back, date(2025, 12, 30), "managed")
    told(answered, state="taken", taken_at=datetime(2025, 10, 5, tzinfo=UTC), **there)
    told(silent, **there)
    assert figure(world, "away_files", today) == (1, 3)
    assert names(world, "away_files", today, NOT_COUNTED).keys() == {"石大山", "田有福"}
    assert figure(world, "away_files", today, date(2025, 12, 30)) == (1, 2)  # a month to the day is not yet more
    assert figure(world, "away_files", today, date(2025, 10, 4))[0] == 0


@WAYS
def test_a_loss_is_told_in_writing_to_both_sides(world, someone, today):
    told_both, told_one, old, gone_before, never = (
        someone(name) for name in ("冉启明", "石大山", "白小川", "田有福", "向秀兰")
    )
    became(told_both, date(2025, 4, 1), "lost")
    became(told_one, date(2025, 4, 1), "refused")
    became(old, date(2024, 6, 1), "lost")  # of the year before, and lasting
    became(gone_before, date(2024, 6, 1), "lost")
    became(gone_before, date(2025, 1, 1), "managed")
    became(never, date(2025, 4, 1), "away")
    offices = {kind: Agency.objects.get(kind=kind, division=world.county) for kind in ("police", "political_legal")}
    told(told_both, world.worker, offices.values())
    told(told_one, world.worker, [offices["police"]])
    assert figure(world, "lost_reported", today) == (1, 3)
    assert names(world, "lost_reported", today, NOT_COUNTED).keys() == {"石大山", "白小川"}
    assert figure(world, "lost_reported", today, date(2025, 5, 1)) == (0, 3)


def told(patient, by, offices):
    """失访（死亡）登记表 as it stands once it was delivered on 2 May 2025."""
    at = datetime(2025, 5, 2, tzinfo=UTC)
    with system_scope():
        county = Division.objects.get(pk=patient.duty_county)
        notice = PersonNotice.objects.create(
            patient=patient, county=county, situation="lost_report", state="sent", opened_by=by, first_at=at, first_by=by,
            released_at=at, released_by=by, expires_at=at + timedelta(days=30),
        )  # fmt: skip
        for place, office in enumerate(offices):
            template = RecipientTemplate.objects.filter(situation="lost_report", agency_kind=office.kind).first()
            PersonNoticeCopy.objects.create(
                notice=notice, patient=patient, agency=office, template=template or draft(county, office.kind, by),
                number=f"{notice.pk}-{place}", content={}, delivered_at=at,
            )  # fmt: skip


def draft(county, kind, by):
    return RecipientTemplate.objects.create(
        county=county,
        agency_kind=kind,
        situation="lost_report",
        version=1,
        drafted_by=by,
        sections=[],
        basis="law",
        citation="",
        rhythm="at_once",
        starts_on=date(2025, 1, 1),
        assessed_on=date(2025, 1, 1),
    )


def test_the_parts_of_a_care_indicator_sum_to_it(world, someone):
    by, today = world.worker, date(2026, 11, 24)
    handed(someone("冉启明", Line(date(2025, 3, 1))), by, date(2025, 7, 5))
    someone("白小川", village=VILLAGE_B1)
    found, cut = INDICATORS["free_sga"], Cut(T, today)
    with scope(counties=[world.county.pk]):
        _, towns = figures_of(world.county, cut, ["free_sga"])
        parts = by_group(found, world.county, cut, Breakdown.VILLAGE)
        quarters = by_quarter(found, towns, cut)
    assert [(each["free_sga"].numerator, each["free_sga"].denominator) for each in towns.values()] == [(1, 1), (0, 1)]
    assert sum(part.numerator for part in parts) == 1
    assert [part.numerator for part in quarters] == [0, 0, 1, 1]


def test_posts_against_patients_in_every_township(world, someone, plan):
    """One full post for 80 patients, and one at least: the mean does not hide a township without anybody."""
    for name in ("冉启明", "石大山"):
        someone(name)
    someone("白小川", village=VILLAGE_B1)
    today, office = date(2026, 11, 24), world.county_office

    def row(day=T):
        with scope(counties=[world.county.pk]):
            figures, towns = figures_of(world.county, Cut(day, today), plan.codes)
            return next(row for row in plan_rows(plan, figures, towns) if row.row.code == "staff_ratio")

    assert (row().standing, row().note) == (Standing.NO_DATA, "还没有登记精防人员")
    with scope(office):
        post = place_staff(township=world.town_a, on=date(2025, 3, 1), name="乙", share=100, by=office)
        place_staff(township=world.town_a, on=date(2025, 3, 1), name="丙", share=50, by=office)
    assert figure(world, "staff_ratio", today) == (3, Decimal("1.5"))
    assert (row().value_text, row().standing, row().missing) == ("1/2", Standing.AT_RISK, 1)
    assert row().note == "2 个乡镇（街道）中 1 个没有达到：西镇"
    with scope(office):
        place_staff(township=world.town_b, on=date(2025, 6, 1), name="丁", share=100, by=office)
    assert (row().standing, row().missing, row().gap_text) == (Standing.MET, 0, "已达到")
    assert row(date(2025, 5, 31)).standing is Standing.AT_RISK  # before the second township had anybody
    with scope(office):
        end_staff(township=world.town_a, slot=post.slot, on=date(2025, 12, 31), by=office)
    assert figure(world, "staff_ratio", today) == (3, Decimal("1.5"))
    assert row().note == "2 个乡镇（街道）中 1 个没有达到：东街道"  # half a post is none for the patients it leaves


def test_the_pages_of_both_rows_open_into_people_and_places(world, someone, plan, log_in):
    handed(someone("冉启明", Line(date(2025, 3, 1))), world.worker, date(2025, 3, 5))
    someone("白小川", village=VILLAGE_B1)
    with scope(world.county_office):
        place_staff(township=world.town_a, on=date(2025, 3, 1), name="乙", share=50, by=world.county_office)
    client = log_in(world.commission)
    page = client.get("/reports/indicators/free_sga/", {"as_of": "2025-12-31"})
    text = page.content.decode()
    assert "按全部在册算 50.00%（1 / 2）" in text
    assert [line["row"].name for line in page.context["people"]] == ["白＊川"]
    ratio = client.get("/reports/indicators/staff_ratio/", {"as_of": "2025-12-31"})
    assert ratio.context["value"] == "1/4"
    lines = [(line.name, line.fraction, line.missing) for line in ratio.context["parts"]]
    assert lines == [("东街道", "1 / 0.5", "1"), ("西镇", "1 / 0", "1")]


def test_what_a_list_tells_is_what_the_log_says_was_seen():
    """Every sensitive figure names the field groups that its reasons give away."""
    named = {code for code, indicator in INDICATORS.items() if indicator.sensitive}
    assert named <= GROUPS.keys()
