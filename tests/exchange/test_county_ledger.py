"""披露台账 of the county: the privacy officer under masked names, the auditor under pseudonyms, nobody else at all."""

import re
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Assignment
from accounts.queries.access import who_saw
from accounts.scope import scope
from accounts.terms import ROLES, AgencyKind, Permission, Role
from exchange.doors import county_ledger
from exchange.models import CountyDisclosure, Disclosure
from exchange.queries.county_ledger import Lines, Wanted, added, pseudonym, sums
from exchange.queries.told import told_of
from exchange.rules.taking_back import Told, taken_back
from exchange.services.packages import recall_package
from exchange.terms import LedgerAct
from tests import factories
from tests.conftest import OTHER_COUNTY, VILLAGE_A1, make_world
from tests.exchange.conftest import as_partner, client_of, deliver, opened, save, sign
from tests.exchange.person_notices import send
from tests.exchange.templates import in_force
from tests.exchange.test_packages import made, make_house, signed
from tests.exchange.test_told import object_to
from tests.kept import made_once

AT = datetime(2026, 11, 30, 10, tzinfo=timezone.get_default_timezone())


@pytest.fixture(scope="module")
def begun(django_db_setup, django_db_blocker):
    with made_once(django_db_blocker, make_busy) as copy:
        yield copy


@pytest.fixture
def busy(begun, db):
    return begun()


@pytest.fixture
def officer(busy):
    return busy["who"][Role.PRIVACY_OFFICER]


def make_busy():
    """Alerts signed, opened twice and taken back, an objection, a package released: every way and act but the rest."""
    house = make_house(make_world())
    world, high = house["world"], house["high"]
    other = world.patient(VILLAGE_A1, "旁人丁")
    save(world.worker, other, 4)
    save(world.worker, high, 3)
    deliver()
    sign(world.police)
    opened(world.police)
    opened(world.police)
    object_to(high, world.worker)
    save(world.worker, high, 4)
    package = signed(house, made(house))
    return {**house, "other": other, "package": package}


def page_of(user, **asked_for):
    answer = client_of(user).get(reverse("exchange:ledger"), asked_for)
    return answer.content.decode()


def lines_of(user, **wanted):
    with scope(user):
        rows, asked_for = county_ledger(user), Wanted(**wanted)
        return Lines(rows, asked_for, added(sums(rows, asked_for)).total)[:500]


def kept(county) -> list[Disclosure]:
    with scope(counties=[county.pk]):
        return list(Disclosure.objects.order_by("-at", "-uuid"))


def test_every_line_of_the_county_stands_there_once_newest_first(busy, officer):
    lines, rows = lines_of(officer), kept(busy["county"])
    assert len(rows) > 8
    assert [(one.person, one.at, one.office, one.actor) for one in lines] == [
        (row.person, row.at, row.recipient_name, row.actor_name) for row in rows
    ]
    assert {one.way for one in lines} >= {"预警"}
    (package,) = {(one.way, one.number, one.sha256) for one in lines if one.sha256}
    row = busy["package"]
    assert package == (f"{busy['one'].label} 季度信息交换，第 1 版", str(row.uuid), row.archive_sha256)
    assert [one.disputed for one in lines] == ["disputed" in row.fields for row in rows]
    assert {one.disputed for one in lines} == {True, False}


def test_the_privacy_officer_reads_masked_names_and_the_auditor_pseudonyms(busy, officer):
    auditor, high = busy["world"].auditor, busy["high"]
    assert {one.who for one in lines_of(officer) if one.person == high.uuid} == {f"=＊ {high.number:05d}"}
    seen = {one.person: one.who for one in lines_of(auditor)}
    assert len(set(seen.values())) == len(seen) > 2
    assert seen == {person: pseudonym(person) for person in seen}
    assert all(re.fullmatch(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){2}", who) for who in seen.values())


def test_nothing_but_the_said_fields_comes_out(busy, officer):
    auditor, people = busy["world"].auditor, [busy["high"], busy["other"]]
    for user in (officer, auditor):
        text = page_of(user)
        for secret in (
            "高危甲",
            "旁人丁",
            "金丝雀",
            "19900000002",
            "3组18号",
            "试验监护人",
            *(str(one.uuid) for one in people),
        ):
            assert secret not in text
    text = page_of(auditor)
    assert not [one for one in people if f"{one.number:05d}" in text]
    assert "＊" not in text
    with scope(auditor):
        rows = list(CountyDisclosure.objects.values_list("masked_name", "case_number"))
    assert set(rows) == {(None, None)}  # not even the program is told


def test_no_way_leads_into_a_file(busy, officer):
    for user in (officer, busy["world"].auditor):
        text = page_of(user)
        assert "逐条" in text
        assert not re.findall(r'(?:href|action|hx-[a-z]+)="[^"]*/(?:patients|alerts)/[^"]*"', text)
        assert client_of(user).get(reverse("registry:patient", args=[busy["high"].uuid])).status_code == 403


def test_the_lines_of_a_person_agree_with_the_persons_print(busy, officer):
    """Show 4: day, office, act, ground and, where told, the fields; the print counts looks of a day together."""
    with scope(busy["who"][Role.COMMISSION]):
        recall_package(package=busy["package"], because="发错", by=busy["who"][Role.COMMISSION])
    printed = []
    with scope(busy["world"].worker):
        for office in told_of(busy["high"].uuid):
            for line in office.lines:
                told = line.fields if line.act == LedgerAct.DISCLOSED else ""
                printed += [(office.name, line.on, str(LedgerAct(line.act).label), line.basis, told)] * line.times
    for user in (officer, busy["world"].auditor):
        listed = [
            (one.office, timezone.localdate(one.at), one.act, one.basis, one.fields if one.act == "通报" else "")
            for one in lines_of(user)
            if one.person == busy["high"].uuid
        ]
        assert sorted(listed) == sorted(printed)
        assert {act for _, _, act, _, _ in listed} == {"通报", "查看", "收回"}


def test_what_was_taken_back_says_when(busy, officer):
    world, package = busy["world"], busy["package"]
    assert {one.taken_back for one in lines_of(officer) if one.person == busy["other"].uuid} == {None}
    save(world.worker, busy["other"], 0)
    save(world.psychiatrist, busy["other"], 0)
    with scope(busy["who"][Role.COMMISSION]):
        recall_package(package=package, because="发错", by=busy["who"][Role.COMMISSION])
    lines = lines_of(officer)
    gone = [one for one in lines if one.sha256 and not one.is_recall]
    assert gone
    assert all(one.taken_back for one in gone)
    ended = [one for one in lines if one.person == busy["other"].uuid and one.way == "预警"]
    assert {one.is_recall for one in ended} == {True, False}
    assert {bool(one.taken_back) for one in ended if not one.is_recall} == {True}
    assert {one.taken_back for one in lines if one.is_recall} == {None}


def test_a_single_notice_is_named_by_its_number(busy, officer):
    send_to_someone(busy)
    (number,) = {one.number for one in lines_of(officer) if one.way == "单人告知"}
    assert [one.way for one in lines_of(officer, number=number.lower())] == ["单人告知"]


def send_to_someone(busy):
    factories.make_agency(AgencyKind.GOVERNMENT, busy["world"].town_a)
    in_force(
        busy["county"], "government.sudden_change", clerk=busy["who"][Role.EXCHANGE_CLERK],
        officer=busy["who"][Role.PRIVACY_OFFICER],
    )  # fmt: skip
    send(busy["world"].worker, busy["other"], "sudden_change")


def test_the_sums_add_up_to_the_lines_whatever_is_asked(busy, officer):
    today = timezone.localdate()
    station = busy["world"].police.agency.uuid
    for wanted in (
        {}, {"act": "opened"}, {"office": station}, {"since": today, "until": today}, {"until": today - timedelta(days=1)},
        {"number": str(busy["package"].uuid)}, {"number": busy["package"].archive_sha256.upper()},
        {"office": station, "act": "disclosed"}, {"office": uuid4()},
    ):  # fmt: skip
        with scope(officer):
            rows, said = county_ledger(officer), Wanted(**wanted)
            found = {one.office: one for one in sums(rows, said) if said.office in (None, one.office)}
        lines = lines_of(officer, **wanted)
        assert sum(one.total for one in found.values()) == len(lines)
        for one in found.values():
            for head, n in one.numbers:
                assert n == len([line for line in lines if line.office == one.name and line.act == head])
    assert len(lines_of(officer, act="opened", office=station)) == 4
    assert {one.sha256 for one in lines_of(officer, number=str(busy["package"].uuid))} == {
        busy["package"].archive_sha256
    }


def test_the_page_shows_the_last_ninety_days_until_more_is_asked_for(busy, officer):
    text = page_of(officer)
    assert f'value="{timezone.localdate() - timedelta(days=89)}"' in text
    assert f"共 {len(kept(busy['county']))} 条" in text
    ago = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert "没有符合条件的台账" in page_of(officer, until=ago)
    assert f"共 {len(kept(busy['county']))} 条" in page_of(officer, page="999")


@pytest.mark.parametrize(
    ("asked_for", "said"),
    [
        ({"since": "2026-02-30"}, "请写成日期"),
        ({"until": "9999-12-31"}, "请写成日期"),
        ({"since": "2026-11-02", "until": "2026-11-01"}, "“到”不能早于“从”"),
        ({"office": "x"}, "没有这个接收单位"),
        ({"office": "00000000-0000-4000-8000-000000000000"}, "没有这个接收单位"),
        ({"act": "x"}, "请从列出的办理里选择"),
        ({"number": "<script>"}, "编号和校验码只有字母"),
        ({"number": "9" * 65}, "编号和校验码只有字母"),
        ({"number": "甲\x00乙"}, "编号和校验码只有字母"),
    ],
)
def test_bad_input_is_answered_in_words_and_shows_no_line(busy, officer, asked_for, said):
    answer = client_of(officer).get(reverse("exchange:ledger"), asked_for)
    text = answer.content.decode()
    assert (answer.status_code, said in text, "逐条" in text) == (400, True, False)


def test_days_may_be_written_with_points_and_an_office_without_lines_stays_chosen(busy, officer):
    quiet = factories.make_agency("finance", busy["county"], "安静单位")
    text = page_of(officer, since=f"{timezone.localdate():%Y.%m.%d}", office=str(quiet.uuid))
    assert re.search(rf'<option value="{quiet.uuid}" selected>安静单位', text)
    assert "没有符合条件的台账" in text


def test_the_office_stays_chosen_where_another_field_is_wrong(busy, officer):
    station = busy["world"].police.agency
    text = page_of(officer, since="gestern", office=str(station.uuid), act="opened")
    assert f'<option value="{station.uuid}" selected>{station.name}' in text
    assert '<option value="opened" selected>' in text
    assert 'value="gestern"' in text


def test_looking_is_written_down_with_those_who_were_seen(busy, officer):
    page_of(officer)
    page_of(busy["world"].auditor)
    with scope(busy["world"].worker):
        looks = [look for look in who_saw(busy["high"].uuid) if look.route == "exchange:ledger"]
    assert {(look.role, tuple(look.groups), look.purpose) for look in looks} == {
        ("privacy_officer", ("F1", "F14"), "audit"), ("auditor", ("F14",), "audit"),
    }  # fmt: skip


def test_three_lines_cost_what_one_costs(busy, officer):
    client, url = client_of(officer), reverse("exchange:ledger")

    def cost(**more) -> int:
        client.get(url, more)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(url, more)
        assert answer.status_code == 200
        return len(queries)

    by_one = cost(number=str(busy["package"].uuid), act="disclosed")
    assert by_one == cost()


def test_the_wall_opens_to_the_two_roles_of_the_county_only(busy, officer):
    """The view itself, whoever's forgotten filter reads it."""
    world = busy["world"]
    there = len(kept(busy["county"]))
    for name in ("worker", "county_office", "psychiatrist", "commission", "security_admin", "system_admin", "stranger"):
        with scope(getattr(world, name)):
            assert CountyDisclosure.objects.count() == 0, name
    place = world.places[OTHER_COUNTY]
    abroad = factories.make_user(Role.AUDITOR, place, factories.make_agency(AgencyKind.HEALTH_COMMISSION, place))
    for user, n in ((officer, there), (world.auditor, there), (abroad, 0)):
        with scope(user):
            assert CountyDisclosure.objects.count() == n
    Assignment.objects.filter(user=officer).update(
        starts_on=timezone.localdate() - timedelta(days=2), ends_on=timezone.localdate() - timedelta(days=1)
    )
    with scope(officer):
        assert CountyDisclosure.objects.count() == 0
    assert CountyDisclosure.objects.count() == 0  # nobody asks


def test_the_wall_and_the_roles_say_the_same():
    assert {role for role in Role if Permission.VIEW_ACCESS_LOG in ROLES[role].permissions} == {
        Role.PRIVACY_OFFICER, Role.AUDITOR,
    }  # fmt: skip


def test_an_office_cannot_read_the_view(busy):
    with (
        as_partner(busy["world"].police),
        pytest.raises(ProgrammingError, match="permission denied for view exchange_countydisclosure"),
        transaction.atomic(),
    ):
        CountyDisclosure.objects.count()


def uuid_of(n: int) -> UUID:
    return UUID(int=n)


def told_at(day: int, **more) -> Told:
    plain = {"person": uuid_of(1), "recipient": uuid_of(2), "is_recall": False, "situation": "quarterly"}
    return Told(AT + timedelta(days=day), **{**plain, **more})


@pytest.mark.parametrize(
    ("line", "recalls", "gone"),
    [
        pytest.param(told_at(0), [], None, id="stands"),
        pytest.param(told_at(0), [told_at(3, is_recall=True)], 3, id="taken-out-later"),
        pytest.param(told_at(0), [told_at(0, is_recall=True)], 0, id="at-the-same-moment"),
        pytest.param(told_at(4), [told_at(3, is_recall=True)], None, id="told-again-after-it"),
        pytest.param(told_at(0), [told_at(3, is_recall=True, situation="half_yearly")], None, id="another-list"),
        pytest.param(told_at(0), [told_at(3, is_recall=True, recipient=uuid_of(9))], None, id="another-office"),
        pytest.param(told_at(0), [told_at(3, is_recall=True, person=uuid_of(9))], None, id="another-person"),
        pytest.param(
            told_at(0, ended_at=AT + timedelta(days=2)), [told_at(3, is_recall=True)], 2, id="the-first-of-two"
        ),
        pytest.param(told_at(0, is_recall=True, ended_at=AT), [told_at(3, is_recall=True)], None, id="a-recall"),
    ],
)
def test_when_it_was_taken_back(line, recalls, gone):
    assert taken_back(line, recalls) == (None if gone is None else AT + timedelta(days=gone))
