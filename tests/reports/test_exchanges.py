"""部门信息交换次数: closed periods by partner, the least of those a plan's row names, and why another is open."""

import random
from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.scope import scope, system_scope
from accounts.terms import AgencyKind
from exchange.models import Package, PackageClosing, RecipientTemplate
from exchange.queries.templates import presets
from exchange.rules.periods import period
from exchange.terms import Rhythm
from reports.queries import packs
from reports.queries.answer import answer
from reports.queries.figures import figures_of
from reports.queries.packs import pack
from reports.queries.plan_table import NO_EXCHANGES, plan_rows
from reports.rules.cut import Cut
from reports.rules.exchanges import PARTNERS, SentPackage, exchanged
from reports.rules.indicators import COMPUTED
from reports.rules.pack_reading import PackRefused, read_pack
from reports.services.freezes import freeze
from reports.services.plans import load_plan
from reports.terms import FreezeKind, Standing
from tests import factories
from tests.conftest import COUNTY
from tests.oracle.exchanges import Sent, closed_periods, least

YEAR = 2020
END = date(YEAR, 12, 31)
POLICE, COMMITTEE, CIVIL = AgencyKind.POLICE, AgencyKind.POLITICAL_LEGAL, AgencyKind.CIVIL_AFFAIRS


def sent(kind=POLICE, name="2020Q1", *, closed=None, ended=None, released=date(YEAR, 4, 5), agency="县公安局"):
    return SentPackage(kind, agency, name, period(name).last, date(YEAR, 4, 1), released, closed, ended)


# the rule


def test_the_partners_are_those_with_whom_something_is_exchanged_period_by_period():
    periodic = {preset.agency for preset in presets().values() if preset.rhythm is not Rhythm.AT_ONCE}
    assert set(PARTNERS) == periodic


@pytest.mark.parametrize(
    ("package", "count", "why"),
    [
        (sent(closed=date(YEAR, 4, 20)), 1, "计入"),
        (sent(closed=END), 1, "计入"),
        (sent(closed=END + timedelta(days=1)), 0, "已签发，还没有办结"),
        (sent(closed=None), 0, "已签发，还没有办结"),
        (sent(released=None), 0, "还没有签发"),
        (sent(closed=date(YEAR, 4, 20), ended=date(YEAR, 5, 1)), 0, "已收回"),
        (sent(closed=date(YEAR, 4, 20), ended=END + timedelta(days=1)), 1, "计入"),  # called back later: it stood then
        (sent(released=None, ended=date(YEAR, 5, 1)), 0, "没有签发，已作废"),
    ],
)
def test_a_period_counts_when_it_is_closed_and_says_why_not(package, count, why):
    found = exchanged([package], END)
    assert (found.count(POLICE), [line.why for line in found.lines]) == (count, [why])


def test_a_period_counts_once_whatever_was_sent_in_it_and_in_the_year_of_its_closing():
    """The fourth quarter is closed after New Year: in that year, so that four can be reached at all."""
    last_year = SentPackage(
        POLICE, "县公安局", "2019Q4", date(2019, 12, 31), date(YEAR, 1, 1), date(YEAR, 1, 5), date(YEAR, 1, 20)
    )
    two_agencies = [sent(closed=date(YEAR, 4, 20)), sent(agency="二分局", closed=None)]
    found = exchanged([last_year, *two_agencies], END)
    assert found.count(POLICE) == 2
    assert [line.why for line in found.of(POLICE)] == ["计入", "计入；另有 1 个包已签发，还没有办结"]
    assert exchanged([last_year, *two_agencies], date(YEAR + 1, 3, 1)).count(POLICE) == 0


def test_every_partner_must_have_been_exchanged_with():
    packages = [sent(POLICE, name, closed=date(YEAR, 11, 1)) for name in ("2020Q1", "2020Q2", "2020Q3")]
    packages.append(sent(COMMITTEE, closed=date(YEAR, 5, 1)))
    found = exchanged(packages, END)
    assert (found.least(), found.least((POLICE,)), found.least((POLICE, CIVIL))) == (1, 3, 0)


# a county


@pytest.fixture
def county(world):
    """An agency of every partner kind, and a way to write its packages down."""
    place = world.county
    offices = {kind: factories.make_agency(kind, place) for kind in PARTNERS}
    by = world.commission
    templates: dict[tuple[str, str], RecipientTemplate] = {}

    def template(kind, rhythm):
        if (kind, rhythm) not in templates:
            templates[kind, rhythm] = RecipientTemplate.objects.create(
                county=place, agency_kind=kind, situation=rhythm, state="draft", sections=[], basis="agreement",
                citation="协议", assessed_on=date(YEAR, 1, 1), starts_on=date(YEAR, 1, 1), rhythm=rhythm,
                version=1, drafted_by=by,
            )  # fmt: skip
        return templates[kind, rhythm]

    def write(one: Sent, version=1, corrects=None):
        rhythm = period(one.period).rhythm
        package = Package.objects.create(
            county=place, agency=offices[one.partner], situation=rhythm, template=template(one.partner, rhythm),
            period=one.period, version=version, corrects=corrects, opened_at=at(one.opened),
            state="recalled" if one.taken_back else "opened", ended_at=at(one.taken_back),
        )  # fmt: skip
        if one.closed:
            PackageClosing.objects.create(
                package=package, county=place, closed_at=at(one.closed), closed_by=by, receipts=1, sent=0, matched=0,
                unmatched=0, refused=0, pending=0,
            )  # fmt: skip
        return package

    return write


def at(day):
    """Half past midnight here: another day in UTC."""
    return datetime.combine(day, time(0, 30), timezone.get_current_timezone()) if day else None


@pytest.fixture
def zoucheng(world, tmp_path, monkeypatch):
    text = (packs.FOLDER / "zoucheng-2019.toml").read_text(encoding="utf-8")
    area = pack("zoucheng-2019").area
    (tmp_path / "zoucheng-2019.toml").write_text(text.replace(f'area = "{area}"', f'area = "{COUNTY}"'), "utf-8")
    monkeypatch.setattr(packs, "FOLDER", tmp_path)
    load_plan("zoucheng-2019")
    return pack("zoucheng-2019")


def said_on(world, day, found=None):
    with scope(counties=[world.county.pk]):
        figures, towns = figures_of(world.county, Cut(day, timezone.localdate()), COMPUTED)
        rows = {row.row.key: row for row in plan_rows(found, figures, towns)} if found else {}
        return answer(figures, towns, by_township=True), rows


def random_packages(rng):
    """Of two years, one for each partner and period, some closed, some called back, some corrected."""
    found = []
    for kind in PARTNERS:
        parts = ("Q1", "Q2", "Q3", "Q4") if kind in (POLICE, COMMITTEE) else ("H1", "H2")
        for name in (f"{year}{part}" for year in (YEAR - 1, YEAR) for part in parts):
            if rng.random() < 0.15:
                continue
            opened = period(name).last + timedelta(days=1)
            closed = opened + timedelta(days=rng.randrange(1, 150)) if rng.random() < 0.8 else None
            back = opened + timedelta(days=rng.randrange(100, 300)) if rng.random() < 0.2 else None
            found.append(Sent(kind, name, opened, closed, back))
            if rng.random() < 0.3:
                again = opened + timedelta(days=rng.randrange(1, 200))
                found.append(Sent(kind, name, opened, again, is_correction=True))
    return found


@pytest.mark.django_db
def test_a_random_countys_figure_equals_the_slow_calculator_on_any_day(world, county, zoucheng):
    packages = random_packages(random.Random(8931))
    base = {}
    for one in packages:
        made = county(one, 2 if one.is_correction else 1, base.get((one.partner, one.period)))
        base[one.partner, one.period] = base.get((one.partner, one.period)) or made
    seen = set()
    for day in (date(YEAR, 1, 31), date(YEAR, 6, 30), date(YEAR, 9, 15), END, date(YEAR + 1, 3, 31)):
        said, rows = said_on(world, day, zoucheng)
        figure = said["indicators"]["exchanges"]
        wanted = {kind.value: closed_periods(packages, kind, day) for kind in PARTNERS}
        assert figure["partners"] == wanted, day
        assert (figure["numerator"], figure["denominator"]) == (least(packages, [POLICE, COMMITTEE], day), 4)
        for key in ("exchanges_police", "exchanges_others"):
            assert rows[key].value.numerator == least(packages, list(rows[key].row.partners), day)
        seen |= set(wanted.values())
    assert len(seen) > 2  # the days differ: otherwise nothing was compared
    assert {town["exchanges"]["numerator"] for town in said["townships"].values()} == {None}


@pytest.mark.django_db
def test_the_two_rows_of_the_plan_name_their_own_partners(world, county, zoucheng):
    for name in ("2019Q4", "2020Q1", "2020Q2", "2020Q3"):
        county(Sent(POLICE, name, date(YEAR, 1, 1), closed=date(YEAR, 11, 1)))
        county(Sent(COMMITTEE, name, date(YEAR, 1, 1), closed=date(YEAR, 11, 2) if name != "2020Q3" else None))
    _said, rows = said_on(world, END, zoucheng)
    police, others = rows["exchanges_police"], rows["exchanges_others"]
    assert (police.value_text, police.gap_text, others.value_text, others.gap_text) == ("3", "1 次", "0", "2 次")
    package = Package.objects.get(period="2020Q3", agency__kind=COMMITTEE)
    PackageClosing.objects.create(
        package=package, county=world.county, closed_at=at(END), closed_by=world.commission,
        receipts=1, sent=0, matched=0, unmatched=0, refused=0, pending=0,
    )  # fmt: skip
    _said, rows = said_on(world, END, zoucheng)
    assert rows["exchanges_police"].standing is Standing.MET


@pytest.mark.django_db
def test_the_page_lists_each_partner_and_period_with_its_reason(world, county, zoucheng, log_in):
    county(Sent(POLICE, "2020Q1", date(YEAR, 4, 1), closed=date(YEAR, 4, 20)))
    county(Sent(POLICE, "2020Q2", date(YEAR, 7, 1)))
    address = reverse("reports:indicator", args=["exchanges"])
    page = log_in(world.commission).get(address, {"as_of": END.isoformat()})
    partners = {partner.name: partner for partner in page.context["partners"]}
    police = partners[POLICE.label]
    assert (police.count, police.wanted, police.is_met) == (1, f"{zoucheng.short_title}：≥4 次", False)
    assert [(line["period"], line["closed_on"], line["why"]) for line in police.lines] == [
        ("2020 年第 2 季度", None, "还没有签发"), ("2020 年第 1 季度", date(YEAR, 4, 20), "计入"),
    ]  # fmt: skip
    assert len(page.context["rows"]) == 2
    assert sum(line["tone"] == "good" for line in police.lines) == police.count
    text = log_in(world.worker).get(address).content.decode()
    assert (NO_EXCHANGES in text, "没有数据不等于 0" in text) == (True, True)


@pytest.mark.django_db
def test_without_a_plan_all_partners_are_listed_with_what_the_definition_asks(world, county, log_in):
    page = log_in(world.commission).get(reverse("reports:indicator", args=["exchanges"]))
    assert [(each.name, each.count, each.wanted) for each in page.context["without"]] == [
        (kind.label, 0, f"每年 {4 if kind in (POLICE, COMMITTEE) else 2} 次") for kind in PARTNERS
    ]


@pytest.mark.django_db
def test_more_packages_cost_no_more_statements(world, county, log_in, django_assert_max_num_queries):
    client, address = log_in(world.commission), reverse("reports:indicator", args=["exchanges"])
    client.get(address)
    with django_assert_max_num_queries(100) as few:
        client.get(address, {"as_of": END.isoformat()})
    for name in ("2019Q4", "2020Q1", "2020Q2", "2020Q3"):
        county(Sent(POLICE, name, date(YEAR, 1, 1), closed=date(YEAR, 11, 1)))
    with django_assert_max_num_queries(len(few)):
        page = client.get(address, {"as_of": END.isoformat()})
    assert [partner.count for partner in page.context["partners"]] == [4]


@pytest.mark.django_db
def test_a_freeze_keeps_the_count_and_its_periods(world, county, log_in):
    today = timezone.localdate()
    end = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1) - timedelta(days=1)
    name = f"{end.year}Q1"
    package = county(Sent(POLICE, name, date(end.year, 1, 2), closed=end))
    county(Sent(COMMITTEE, name, date(end.year, 1, 2), closed=end))
    with scope(world.commission):
        row = freeze(kind=FreezeKind.QUARTER, area=world.county, as_of=end, by=world.commission)
    with system_scope():
        Package.objects.filter(pk=package.pk).update(state="recalled", ended_at=at(end))
    row.refresh_from_db()
    assert row.content["total"]["exchanges"] == [1, 4]
    kept = [(line["partner"], line["closed_on"], line["why"]) for line in row.content["exchanges"]]
    assert kept == [(kind.label, end.isoformat(), "计入") for kind in (POLICE, COMMITTEE)]
    page = log_in(world.commission).get(reverse("reports:freeze", args=[row.uuid]))
    assert page.context["exchanges"] == row.content["exchanges"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (('partners = ["political_legal", "police"]', 'partners = ["education"]'), "没有按期的信息交换"),
        (('partners = ["political_legal", "police"]', 'partners = ["police", "police"]'), "不止一次"),
        (('code = "care_plans"', 'code = "care_plans"\npartners = ["police"]'), "只有 code 是 exchanges"),
    ],
)
def test_a_slip_in_the_partners_is_named_with_file_key_and_meaning(wrong, words):
    text = (packs.FOLDER / "zoucheng-2019.toml").read_text(encoding="utf-8")
    with pytest.raises(PackRefused) as refusal:
        read_pack(text.replace(*wrong), "zoucheng-2019.toml")
    assert any(
        words in problem and problem.startswith("zoucheng-2019.toml") and "partners（交换单位类别）" in problem
        for problem in refusal.value.problems
    ), refusal.value.problems
