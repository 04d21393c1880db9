"""The township worker with a difference list: the police's register, uploaded, compared, worked, reviewed, answered.

Source: issue 4, Build 6 and Shows 6.
"""

import io
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from accounts.scope import scope
from accounts.terms import AgencyKind, Role
from exchange.models import InboundList
from exchange.services.agency_keys import confirm_key, enter_key
from exchange.services.answering import answer_due
from exchange.services.inbound_comparing import compare_due
from exchange.terms import InboundKind
from registry.models import Patient
from tests import factories
from tests.browser.seeing import see
from tests.conftest import COUNTY, TOWN_A, VILLAGE_A1
from tests.exchange.inbound import compared, csv_of
from tests.exchange.test_signatures import Signer, mark
from tests.journeys.steps import SIZES, follow, go_by, held, press

POLICE = "公安严重精神障碍患者名册"
pytestmark = pytest.mark.django_db(transaction=True)


def hand_in(page, what, rows, kind, signature=b""):
    page.goto(reverse("exchange:inbound_send"))
    if page.locator("select[name=what] option").count() > 1:
        page.get_by_label("名册", exact=True).select_option(label=what)
    page.locator("[name=number]").fill("1")
    page.locator("[name=file]").set_input_files(
        {"name": "名册.csv", "mimeType": "text/csv", "buffer": csv_of(kind, rows)}
    )
    if signature:
        signed = {"name": "名册.csv.minisig", "mimeType": "text/plain", "buffer": signature}
        page.locator("[name=signature]").set_input_files(signed)
    press(page, "检查文件")


def looks_into(worker):
    """The township: one file first left as it was, then told to be theirs; one stranger."""
    worker.goto(reverse("followup:worklist"))
    expect(worker.locator("main")).to_contain_text("名册不一致：联系电话")
    worker.goto(reverse("exchange:differences"))
    follow(worker, "冉启明")
    expect(worker.locator("tr.differs")).to_contain_text("19900000099")
    worker.get_by_label("我方有误，已更正").check()
    worker.get_by_label("电话核实").check()
    press(worker, "提交核实结果")
    expect(worker.locator("[data-errors]")).to_contain_text("还没有更正：联系电话")
    worker.get_by_label("对方有误，请对方更正").check()
    press(worker, "提交核实结果")
    expect(worker.locator(".flashes")).to_contain_text("等县精防办审核")
    follow(worker, "田来福")
    worker.get_by_label("查无此人").check()
    worker.get_by_label("上门核实").check()
    press(worker, "提交核实结果")
    expect(worker.locator("main")).to_contain_text("没有要核实的")


def reviews(office):
    """The county: one back to the township, the other accepted."""
    office.goto(reverse("exchange:inbound_lists"))
    go_by(office.get_by_role("link", name="公安严重精神障碍患者名册").first)
    follow(office, "审核核实结果")
    go_by(office.locator("li", has_text="田来福").get_by_role("link", name="退回"))
    office.locator("[name=because]").fill("请再向村里核对")
    press(office, "退回")
    press(office, "通过选中的")  # nothing comes ticked: one press alone passes nobody
    expect(office.locator(".flashes")).to_contain_text("没有选中待审核的")
    office.locator("input[name=row]").check()
    press(office, "通过选中的")
    expect(office.locator(".flashes")).to_contain_text("审核通过 1 件")


def looks_again(worker):
    """What came back says why."""
    worker.goto(reverse("exchange:differences"))
    expect(worker.locator("main")).to_contain_text("被退回")
    follow(worker, "田来福")
    expect(worker.locator("main")).to_contain_text("请再向村里核对")
    worker.get_by_label("已迁往外地").check()
    worker.get_by_label("上门核实").check()
    press(worker, "提交核实结果")


def answers(office):
    """The rest accepted, the letter prints itself: no name in it. Its bytes."""
    office.reload()
    office.locator("input[name=row]").check()
    press(office, "通过选中的")
    assert answer_due() == 1
    office.goto(reverse("exchange:inbound_lists"))
    go_by(office.get_by_role("link", name="公安严重精神障碍患者名册").first)
    see(office)
    return letter(office)


def letter(page):
    with page.expect_download() as got:
        page.get_by_role("link", name="下载复函").click()
    content = Path(got.value.path()).read_bytes()
    words = "".join(one.extract_text() for one in PdfReader(io.BytesIO(content)).pages)
    assert "核实情况的复函" in words.replace("\n", "")
    assert "冉启明" not in words
    return content


@SIZES
def test_a_register_of_the_police_from_its_upload_to_the_letter(world, enter, size):
    differs = world.patient(VILLAGE_A1, "冉启明")
    police, worker, office = (
        enter(world.county_police, size),
        enter(world.worker, size),
        enter(world.county_office, size),
    )
    number = str(differs.id_number)
    rows = [
        {"name": "冉启明", "id_number": number, "phone": "19900000099"},
        {"name": "田来福", "id_number": factories.id_number(serial=901), "township": TOWN_A},
        {"name": "错号", "id_number": "123"},
    ]
    hand_in(police, POLICE, rows[2:], InboundKind.POLICE_REGISTER)
    expect(police.locator("[data-errors]")).to_contain_text("第 2 行“身份证号”")
    hand_in(police, POLICE, rows, InboundKind.POLICE_REGISTER)
    expect(police.locator("main")).to_contain_text("可以核对")
    expect(police.locator("main")).to_contain_text("第 4 行")
    expect(police.get_by_text("字段不一致")).to_have_count(0)  # whom the register holds is not said
    press(police, "确认报送")
    expect(police.locator(".flashes")).to_contain_text("已报送")
    police.go_back()
    hand_in(police, POLICE, rows, InboundKind.POLICE_REGISTER)
    expect(police.locator(".flashes")).to_contain_text("已经收到过（第 1 份）")
    compare_due()

    looks_into(worker)
    reviews(office)
    looks_again(worker)
    paper = answers(office)
    police.goto(reverse("exchange:inbound_send"))
    go_by(police.get_by_role("link", name=f"{POLICE}第 1 份"))
    expect(police.locator("main")).to_contain_text("核实完以后可以在这里下载，不早于")
    InboundList.objects.update(answer_from=timezone.localdate())  # the day on which any answer goes out
    police.reload()
    see(police)
    assert letter(police) == paper
    held(police, worker, office)
    with scope(counties=[world.places[COUNTY].pk]):
        assert not Patient.objects.filter(name="田来福").exists()


@SIZES
def test_a_list_of_the_dead_by_the_clerk_holds_payments_until_somebody_has_looked(world, enter, size):
    patient = world.patient(VILLAGE_A1, "白秀英")
    county = world.places[COUNTY]
    civil = factories.make_agency(AgencyKind.CIVIL_AFFAIRS, county, "甲县民政局")
    office = factories.make_agency(AgencyKind.HEALTH_COMMISSION, county)
    carrier, signer = factories.make_user(Role.EXCHANGE_CLERK, county, office), Signer()
    clerk = enter(carrier, size)
    privacy = factories.make_user(Role.PRIVACY_OFFICER, county, office)
    confirm_key(key=enter_key(agency=civil, public_key=signer.public_key, by=carrier), by=privacy)
    worker = enter(world.worker, size)
    rows = [{"name": "白秀英", "id_number": str(patient.id_number), "died_on": timezone.localdate().isoformat()}]
    what = "甲县民政局：民政死亡人员名册"
    hand_in(clerk, what, rows, InboundKind.DEATHS)
    expect(clerk.locator("[data-errors]")).to_contain_text("要有报送单位的签名")
    see(clerk, clerk.complaints, allow=["400"])
    hand_in(clerk, what, rows, InboundKind.DEATHS, signer.sign(csv_of(InboundKind.DEATHS, rows), mark()))
    press(clerk, "确认报送")
    expect(clerk.locator(".flashes")).to_contain_text("已报送")
    compare_due()
    worker.goto(patient.get_absolute_url())
    expect(worker.locator("main")).to_contain_text("告知已死亡，待核实，发放暂停")
    worker.goto(reverse("exchange:differences"))
    follow(worker, "白秀英")
    expect(worker.locator("main")).to_contain_text("发放已暂停")
    worker.get_by_label("确认死亡，已结案").check()
    worker.get_by_label("电话核实").check()
    press(worker, "提交核实结果")
    expect(worker.locator("[data-errors]")).to_contain_text("还没有按死亡结案")
    worker.get_by_label("本人健在").check()
    worker.locator("[name=words]").fill("到家中见到本人")
    press(worker, "提交核实结果")
    worker.goto(patient.get_absolute_url())
    expect(worker.locator("main")).not_to_contain_text("发放暂停")
    held(clerk, worker)


@SIZES
def test_a_township_answers_several_that_say_the_same_at_once(world, enter, size):
    county = world.places[COUNTY]
    office = factories.make_agency(AgencyKind.POLICE, county)
    people = [world.patient(VILLAGE_A1, name) for name in ("冉启明", "白秀英", "田茂林")]
    rows = [{"name": one.name, "id_number": str(one.id_number), "phone": "19900000099"} for one in people]
    compared(world.county_police, office, county, InboundKind.POLICE_REGISTER, rows)
    worker = enter(world.worker, size)
    worker.goto(reverse("exchange:differences"))
    follow(worker, "3 件相同的一起答复")
    see(worker)
    press(worker, "提交核实结果")
    expect(worker.locator("[data-errors]")).to_contain_text("请勾选要一起答复的人")
    for name in ("冉启明", "田茂林"):
        worker.get_by_label(name).check()
    worker.get_by_label("对方有误，请对方更正").check()
    worker.get_by_label("电话核实").check()
    press(worker, "提交核实结果")
    expect(worker.locator(".flashes")).to_contain_text("已提交 2 件")
    expect(worker.locator("main")).to_contain_text("白秀英")
    expect(worker.locator("main")).not_to_contain_text("田茂林")
    held(worker)
