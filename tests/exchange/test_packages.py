"""A quarter's package: opened once, frozen from one snapshot, signed by two, the same bytes each time."""

import io
import re
import zipfile
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.models import Assignment
from accounts.refusals import Denied, NotHere, Refused
from accounts.scope import scope
from accounts.terms import AgencyKind, Role
from exchange.models import Disclosure, Package, PackagePart
from exchange.queries.packages import rows_of
from exchange.rules.periods import NoPeriod, ended_before, period
from exchange.services.archives import write_archive
from exchange.services.packages import drop_package, recall_package, reopen_package, sign_package
from exchange.services.preparing import open_due, open_period, prepare_due
from exchange.services.templates import end_template
from exchange.tasks import open_packages
from exchange.terms import Rhythm
from registry.models import Patient
from tests import factories
from tests.conftest import COUNTY, VILLAGE_A1
from tests.exchange.conftest import save
from tests.exchange.templates import in_force


def test_periods_and_what_a_stopped_clock_catches_up():
    third = period("2026Q3")
    assert (third.first, third.last, third.rhythm) == (date(2026, 7, 1), date(2026, 9, 30), Rhythm.QUARTERLY)
    assert period("2026H2").last == date(2026, 12, 31)
    assert third.holds(date(2026, 9, 30))
    assert not third.holds(date(2026, 10, 1))
    for wrong in ("2026Q5", "26Q1", "2026", "2026Q3 "):
        with pytest.raises(NoPeriod):
            period(wrong)
    names = [one.name for one in ended_before(date(2026, 9, 30), back=2)]
    assert names == ["2026Q1", "2026Q2", "2025H2", "2026H1"]
    assert [one.name for one in ended_before(date(2026, 10, 1), back=1)] == ["2026Q3", "2026H1"]


@pytest.fixture
def house(world):
    return make_house(world)


def make_house(world):
    """Three people of the county, one of them at level 4 in the quarter that ended last, a template for the police."""
    county = world.places[COUNTY]
    office = factories.make_agency(AgencyKind.HEALTH_COMMISSION, county)
    who = {
        role: factories.make_user(role, county, office)
        for role in (Role.EXCHANGE_CLERK, Role.PRIVACY_OFFICER, Role.COMMISSION)
    }
    Assignment.objects.update(ends_on=None)
    one = next(one for one in ended_before(timezone.localdate(), back=1) if one.rhythm is Rhythm.QUARTERLY)
    ago = (timezone.localdate() - one.last).days
    high = world.patient(VILLAGE_A1, "=高危甲", diagnosing_hospital="金丝雀医院", household_address="金丝雀户籍")
    save(world.worker, high, 1, ago + 40)
    save(world.worker, high, 4, ago + 5, symptom_text="金丝雀症状", symptoms=(12,))
    save(world.worker, high, 0, ago - 5)  # after the quarter: not known to it
    low = world.patient(VILLAGE_A1, "低危乙")
    save(world.worker, low, 2, ago + 6)
    world.patient(VILLAGE_A1, "新人丙", opened_on=one.last)
    template = in_force(county, "police.quarterly", clerk=who[Role.EXCHANGE_CLERK], officer=who[Role.PRIVACY_OFFICER])
    return {"county": county, "one": one, "high": high, "template": template, "who": who, "world": world}


def made(house) -> Package:
    open_due(timezone.localdate())
    assert prepare_due() >= 1
    return Package.objects.select_related("county", "agency", "template").get(period=house["one"].name)


def archive(package: Package) -> bytes:
    out = io.BytesIO()
    with scope(counties=[package.county_id]):
        write_archive(package, out)
    return out.getvalue()


def signed(house, package: Package) -> Package:
    for role in (Role.COMMISSION, Role.PRIVACY_OFFICER):
        package = sign_package(package=package, seen=package.content_sha256, by=house["who"][role])
    return package


def text_of(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        plain = [files.read(name).decode("utf-8-sig") for name in files.namelist() if name.endswith(".csv")]
        (letter,) = [files.read(name) for name in files.namelist() if name.endswith(".pdf")]
        (book,) = [files.read(name) for name in files.namelist() if name.endswith(".xlsx")]
    cells = [
        str(cell)
        for sheet in load_workbook(io.BytesIO(book))
        for row in sheet.iter_rows(values_only=True)
        for cell in row
    ]
    said = "".join(page.extract_text() for page in PdfReader(io.BytesIO(letter)).pages)
    return "\n".join([*plain, *cells, said])


def test_opened_once_whatever_the_clock_does(house):
    today = timezone.localdate()
    assert open_due(today) == 1  # the police of the county; no other agency has a template
    assert open_due(today) == 0
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert open_due(timezone.localdate()) <= 1
    with pytest.raises(Refused, match="还没有结束"):
        open_period(house["county"], period("2099Q1"), today=today)


@pytest.mark.parametrize(
    ("moment", "opened"),
    [
        ("2026-12-31T15:59:59.999999+00:00", False),  # 23:59:59 in Shanghai: the quarter still runs
        ("2026-12-31T16:00:00+00:00", True),  # midnight there, still December for a server of another zone
        ("2026-12-31T23:59:59+00:00", True),
        ("2027-01-01T00:00:00+00:00", True),
    ],
)
def test_a_quarter_ends_at_midnight_in_shanghai(house, moment, opened):
    Package.objects.update(state="dropped")
    with time_machine.travel(moment, tick=False):
        open_packages()
        names = set(Package.objects.exclude(state="dropped").values_list("period", flat=True))
    assert ("2026Q4" in names) is opened


def test_what_is_entered_at_the_last_second_is_in_and_a_second_later_is_not(house):
    """A visit is dated by its day in Shanghai: 23:59:59 of the last day belongs to the quarter, 00:00 to the next."""
    world, people = house["world"], {}
    one = ended_before(timezone.localdate() + timedelta(days=100), back=1)[0]
    for name, moment in (("末秒", time(15, 59, 59)), ("零点", time(16, 0))):
        people[name] = world.patient(VILLAGE_A1, name)
        with time_machine.travel(datetime.combine(one.last, moment, tzinfo=UTC), tick=False):
            save(world.worker, people[name], 4)
    with time_machine.travel(datetime.combine(one.last, time(16, 0), tzinfo=UTC), tick=False):
        (package,) = open_period(house["county"], one, today=timezone.localdate())
        assert prepare_due() == 1
    with scope(counties=[house["county"].pk]):
        keys = {key for key, _cells in rows_of(package, "high_risk")}
    assert keys == {str(people["末秒"].uuid)}


def test_a_package_holds_the_quarters_people_and_the_templates_columns_only(house):
    package = made(house)
    assert package.state == "prepared"
    assert {kind: said["rows"] for kind, said in package.counts.items() if kind not in ("lost", "dead")} == {
        "high_risk": 1, "incidents": 0, "away": 0, "new": 1, "ended": 0, "totals": 1,
    }  # fmt: skip
    with scope(counties=[house["county"].pk]):
        ((key, cells),) = list(rows_of(package, "high_risk"))
        assert PackagePart.objects.count() == 3
    assert key == str(house["high"].uuid)
    assert cells[0] == "=高危甲"
    assert cells[6] == "4 级"
    assert PackagePart.objects.count() == 0  # outside the county's reach nothing is seen
    content = text_of(archive(package))
    assert "金丝雀" not in content
    assert "低危乙" not in content
    assert "新人丙" in content
    assert house["high"].id_number not in content


def test_no_cell_is_a_formula_and_every_run_gives_the_same_bytes(house):
    package = made(house)
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        again = archive(package)
    first = archive(package)
    assert first == again
    with zipfile.ZipFile(io.BytesIO(first)) as files:
        (name,) = [one for one in files.namelist() if one.endswith(".xlsx")]
        book = load_workbook(io.BytesIO(files.read(name)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells if str(cell.value).startswith(("=", "+", "-", "@"))] == []
    package = signed(house, package)
    released = archive(package)
    with scope(counties=[house["county"].pk]):
        Patient.objects.filter(pk=house["high"].pk).update(residence_address="改了的地址")
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        assert archive(package) == released


def test_two_people_sign_what_they_saw_and_the_ledger_has_a_line_each(house):
    package, who = made(house), house["who"]
    commission, officer, clerk = who[Role.COMMISSION], who[Role.PRIVACY_OFFICER], who[Role.EXCHANGE_CLERK]
    with pytest.raises(Denied):
        sign_package(package=package, seen=package.content_sha256, by=clerk)
    with pytest.raises(Refused, match="重新准备过"):
        sign_package(package=package, seen="x", by=commission)
    package = sign_package(package=package, seen=package.content_sha256, by=commission)
    with pytest.raises(Refused, match="已经签过"):
        sign_package(package=package, seen=package.content_sha256, by=commission)
    office = factories.make_agency(AgencyKind.HEALTH_COMMISSION, house["county"])
    second = factories.make_user(Role.COMMISSION, house["county"], office)
    with pytest.raises(Refused, match="各签一次"):
        sign_package(package=package, seen=package.content_sha256, by=second)
    package = sign_package(package=package, seen=package.content_sha256, by=officer)
    assert package.state == "released"
    with scope(counties=[house["county"].pk]):
        lines = list(Disclosure.objects.filter(release=package.uuid))
        assert {line.recipient for line in lines} == {package.agency.uuid}
        assert len({line.person for line in lines}) == len(lines) == 2
        mine = next(line for line in lines if line.person == house["high"].uuid)
        assert {"name", "level", "guardian_name"} <= set(mine.fields)
        assert "id_number" not in mine.fields
    with pytest.raises(Refused):
        sign_package(package=package, seen=package.content_sha256, by=officer)
    with scope(counties=[house["county"].pk]), pytest.raises(DatabaseError), transaction.atomic():
        PackagePart.objects.filter(package=package).delete()
    recall_package(package=package, because="发错单位", by=officer)
    with scope(counties=[house["county"].pk]):
        assert Disclosure.objects.filter(release=package.uuid, act="recalled").count() == 2


def test_a_signature_lapses_and_a_foreign_officer_signs_nothing(house):
    package, who = made(house), house["who"]
    other = house["world"].places["990002"]
    foreign = factories.make_user(
        Role.PRIVACY_OFFICER, other, factories.make_agency(AgencyKind.HEALTH_COMMISSION, other)
    )
    with pytest.raises(NotHere):
        sign_package(package=package, seen=package.content_sha256, by=foreign)
    sign_package(package=package, seen=package.content_sha256, by=who[Role.COMMISSION])
    with time_machine.travel(timezone.now() + timedelta(hours=73)):
        package = sign_package(package=package, seen=package.content_sha256, by=who[Role.PRIVACY_OFFICER])
    assert (package.state, package.first_by) == ("prepared", who[Role.PRIVACY_OFFICER])


def test_prepared_anew_or_dropped_leaves_no_rows(house):
    package, clerk = made(house), house["who"][Role.EXCHANGE_CLERK]
    before = package.content_sha256
    with pytest.raises(Refused, match="原因"):
        reopen_package(package=package, because="", by=clerk)
    reopen_package(package=package, because="补录", by=clerk)
    assert prepare_due() == 1
    package.refresh_from_db()
    assert package.content_sha256 == before  # nothing has changed in between
    drop_package(package=package, because="协议未签", by=clerk)
    with scope(counties=[house["county"].pk]):
        assert not PackagePart.objects.exists()
    assert open_due(timezone.localdate()) == 0  # dropped is dropped: the period does not open again by itself


def test_without_a_template_in_force_nothing_is_prepared(house):
    open_due(timezone.localdate())
    end_template(template=house["template"], because="停用", by=house["who"][Role.PRIVACY_OFFICER])
    assert prepare_due() == 0
    row = Package.objects.get()
    assert (row.state, "模板" in row.fault) == ("opened", True)


def test_the_difference_to_the_quarter_before_is_shown(house):
    signed(house, made(house))
    today = timezone.localdate()
    later = ended_before(today + timedelta(days=100), back=1)[0]
    with time_machine.travel(later.last + timedelta(days=1)):
        made_now = open_period(house["county"], later, today=timezone.localdate())
        assert len(made_now) == 1
        prepare_due()
    row = Package.objects.get(period=later.name)
    assert row.counts["high_risk"] == {"rows": 0, "new": 0, "gone": 1, "changed": 0}


def test_the_command(house, tmp_path, capsys):
    who, one = house["who"], house["one"]
    given = {"period": one.name, "area": COUNTY, "agency": "police", "out": str(tmp_path)}
    call_command("exchange", **given)
    (path,) = tmp_path.glob("*.zip")
    first = path.read_bytes()
    call_command("exchange", **given)
    assert path.read_bytes() == first
    names = f"{who[Role.COMMISSION].username},{who[Role.PRIVACY_OFFICER].username}"
    call_command("exchange", release=names, **given)
    assert "已签发" in capsys.readouterr().out
    released = path.read_bytes()
    call_command("exchange", **given)
    assert path.read_bytes() == released
    for wrong in ({"period": "2026Q9"}, {"area": "123456"}, {"agency": "insurance"}, {"release": "a"}):
        with pytest.raises(CommandError):
            call_command("exchange", **{**given, **wrong})


def test_the_pages_show_numbers_and_no_names_and_two_sign(house, log_in):
    package, who = made(house), house["who"]
    url = reverse("exchange:package", args=[package.uuid])
    clerk = log_in(who[Role.EXCHANGE_CLERK])
    assert reverse("exchange:package", args=[package.uuid]) in clerk.get(reverse("exchange:packages")).content.decode()
    page = clerk.get(url).content.decode()
    assert "三级及以上人员" in page
    assert "高危甲" not in page
    assert 'name="seen"' not in page
    assert clerk.post(reverse("exchange:package_sign", args=[package.uuid])).status_code == 403
    answer = clerk.post(reverse("exchange:package_reopen", args=[package.uuid]), {"because": ""})
    assert "请写明原因" in answer.content.decode()
    page = log_in(who[Role.COMMISSION]).get(url).content.decode()
    assert f'name="seen" value="{package.content_sha256}"' in page
    assert "高危甲" not in page
    signed(house, package)
    page = log_in(who[Role.PRIVACY_OFFICER]).get(url).content.decode()
    assert "收回" in page
    assert 'name="seen"' not in page


def test_form_1_12_is_filled_with_the_packages_numbers_and_no_names(house, log_in):
    package, who = made(house), house["who"]
    url = reverse("exchange:package_form", args=[package.uuid])
    clerk = log_in(who[Role.EXCHANGE_CLERK])
    assert url in clerk.get(reverse("exchange:package", args=[package.uuid])).content.decode()
    page = clerk.get(url).content.decode()
    told = dict(re.findall(r'scope="row">([^<]+)</th><td>([^<]*)</td>', page))
    assert "高危甲" not in page
    assert told["起止日期"] == f"{house['one'].first} 至 {house['one'].last}"
    counts = package.counts
    assert told["危险性 3 级及以上患者数"] == str(counts["high_risk"]["rows"]) == "1"
    assert (told["失访患者数"], told["死亡患者数"]) == (str(counts["lost"]), str(counts["dead"]))
    assert told["接收单位反馈数"] == ""  # nothing has been sent yet
