"""信息交换统计表（表9）: added up from the packages, alerts and lists of the period, and it comes out."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.scope import scope, system_scope
from accounts.terms import AgencyKind, Role
from exchange.models import MyPackage, Receipt
from exchange.services.receiving import accept_all
from registry.services.moves import move_patient
from reports.models import PlanReport
from reports.queries.exchange_table import exchange_facts, exchange_tables
from reports.rules.paper_table import cross_foot
from reports.rules.spans import quarter_span
from tests import factories
from tests.conftest import VILLAGE_A1
from tests.exchange.conftest import as_partner, deliver, lists, save, sign  # noqa: F401 - the fixture
from tests.exchange.inbound import by_police, row_of, stranger
from tests.exchange.test_packages import house, made, signed  # noqa: F401 - the fixture

pytestmark = pytest.mark.django_db


def now_span():
    today = timezone.localdate()
    return quarter_span(today.year, (today.month + 2) // 3)


def tables_of(world, span):
    with scope(world.commission):
        return exchange_tables(world.county, span, timezone.localdate())


def said(table, name, *heads):
    line = next(line for line in table.every_line if line.name == name)
    keys = {column.head: column.key for column in table.columns}
    return [line.cells[keys[head]] for head in heads]


def test_alerts_of_the_quarter_by_department_signed_and_answered(world):
    """One person told to four offices; one police office signs. Who has moved away since still counts."""
    patient = world.patient()
    save(world.worker, patient, 3)
    deliver()
    assert sign(world.police) == 1
    found = tables_of(world, now_span())
    assert [said for table in found for said in cross_foot(table)] == []
    alerts = found[1]
    police = AgencyKind.POLICE.label
    heads = ("送达条数", "已签收", "未签收", "涉及预警件数", "已反馈件数")
    assert said(alerts, police, *heads) == [2, 1, 1, 2, 0]
    assert said(alerts, "合计", *heads) == [4, 1, 3, 4, 0]
    with scope(world.county_office):
        move_patient(patient=patient, on=timezone.localdate(), to_township=world.town_c, by=world.county_office)
    again = tables_of(world, now_span())[1]
    assert said(again, "合计", "送达条数", "已签收") == [4, 1]


def test_what_was_delivered_before_the_quarter_is_not_in_it(world):
    save(world.worker, world.patient(), 4)
    deliver()
    earlier = now_span().first.replace(year=now_span().first.year - 1)
    span = quarter_span(earlier.year, (earlier.month + 2) // 3)
    assert tables_of(world, span)[1].lines == ()
    with system_scope():
        assert Receipt.objects.count() == 4


def test_packages_of_the_period_with_their_receipts(house):  # noqa: F811
    package = signed(house, made(house))
    one, world = house["one"], house["world"]
    span = quarter_span(one.first.year, (one.first.month + 2) // 3)
    with scope(house["who"]["commission"]):
        table = exchange_tables(house["county"], span, timezone.localdate())[0]
    name = package.agency.name
    sent = package.counts["high_risk"]["rows"] + package.counts["new"]["rows"]
    assert said(table, name, "交换包", "已办结", "新增患者", "3级及以上") == [1, 0, 1, 1]
    assert said(table, name, "发出行数", "一致", "待回执")[1:] == [0, said(table, name, "发出行数")[0]]
    assert said(table, name, "发出行数")[0] >= sent
    with as_partner(world.county_police):
        accept_all(package=MyPackage.objects.get(), form_id=uuid4(), by=world.county_police)
    with scope(house["who"]["commission"]):
        table = exchange_tables(house["county"], span, timezone.localdate())[0]
        halves = exchange_tables(house["county"], quarter_span(2019, 1), timezone.localdate())[0]
    assert said(table, name, "一致", "待回执") == [said(table, name, "发出行数")[0], 0]
    assert (cross_foot(table), halves.lines) == ([], ())


def test_lists_that_came_in_by_how_their_rows_compared(lists):  # noqa: F811
    world = lists["world"]
    known = row_of(world.patient(VILLAGE_A1, "不同乙"), phone="19900000099")
    by_police(lists, [known, stranger()])
    table = tables_of(world, now_span())[2]
    name = lists["police_office"].name
    assert said(table, name, "名册份数", "行数", "不一致", "仅对方有", "还没比对") == [1, 2, 1, 1, 0]
    assert said(table, name, "差异", "待核实", "已办结") == [2, 2, 0]
    assert cross_foot(table) == []


def test_the_page_and_the_document(world, log_in):
    save(world.worker, world.patient(name="冉启明"), 3)
    client = log_in(world.commission)
    page = client.get(reverse("reports:exchange_table"), {"span": now_span().name})
    text = page.content.decode()
    assert ("信息交换统计表（表9）" in text, "全部相符" in text, "冉启明" in text) == (True, True, False)
    assert client.post(reverse("reports:exchange_table"), {"span": now_span().name}).status_code == 302
    report = PlanReport.objects.get()
    assert (report.kind, report.facts["number"]) == ("exchange", "表9")
    assert any("3 级及以上信息推送率" in note for note in report.facts["notes"])


def test_a_prefecture_chooses_a_county_first(world, log_in):
    city = world.county.parent
    who = factories.make_user(Role.PREFECTURE, city, factories.make_agency(AgencyKind.HEALTH_COMMISSION, city))
    client = log_in(who)
    page = client.get(reverse("reports:exchange_table"))
    assert [county.name for county in page.context["counties"]] == ["甲县", "乙县"]
    assert page.context["tables"] == []
    chosen = client.get(reverse("reports:exchange_table"), {"area": world.county.code})
    assert len(chosen.context["tables"]) == 3


def test_the_facts_are_the_tables_as_text(world):
    with scope(world.commission):
        facts = exchange_facts(world.county, now_span(), timezone.localdate())
    assert [table["number"] for table in facts["tables"]] == ["表9-1", "表9-2", "表9-3"]
    assert facts["tables"][1]["total"]["cells"] == ["0"] * 5
