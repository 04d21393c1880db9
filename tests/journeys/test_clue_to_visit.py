"""A clue and a card, each in the hands of the people whose they are, on a phone and on a desk.

Source: Registry 1 and 2. The village clerk answers the nine questions; the worker is sent, visits and sends for
diagnosis. The hospital reports a card; the township accepts it, the first visit stands in 今日工作; the county
gives a card with a wrong address to the right township.
"""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.scope import scope
from accounts.terms import AgencyKind, Role
from registry.models import Clue, ReportCard
from registry.services.county_papers import hold_paper
from registry.terms import Held
from tests import factories
from tests.conftest import VILLAGE_A1
from tests.journeys.steps import SIZES, follow, go_by, press
from tests.registry.hospital import card_facts, hospital_of, sent_card, sent_discharge

pytestmark = pytest.mark.django_db(transaction=True)
TICKED = ("past_acts", "senders")
CHOSEN = {
    "id_kind", "ethnicity", "contact_relation", "residence_code", "household_address_kind", "education", "marital",
    "employment", "past_danger", "diagnosis",
}  # fmt: skip
RADIOS = {
    "source", "report_type", "household_kind", "residence_kind", "family_history", "onset_precision", "treated",
    "treated_precision", "past_locked", "consent", "no_drug",
}  # fmt: skip


def clerk_of(world) -> User:
    place = world.places[VILLAGE_A1]
    return factories.make_user(Role.VILLAGE_CLERK, place, factories.make_agency(AgencyKind.VILLAGE_COMMITTEE, place))


def told_again(police: Page, worker: Page) -> None:
    """The police met the same man: the worker sees why it may be one person, and one clue goes on."""
    police.goto(reverse("registry:clue_new"))
    expect(police.locator("select[name=source]")).to_have_value("police")
    police.locator("input[name=q3][value='1']").check()
    police.locator("input[name=name]").fill("线索甲")
    police.locator("input[name=contact]").fill("家属乙")
    police.locator("select[name=place]").select_option(VILLAGE_A1)
    press(police, "报告")
    worker.goto(reverse("followup:worklist"))
    go_by(worker.get_by_role("link", name="分派 线索甲").first)
    expect(worker.locator("main")).to_contain_text("姓名和村（社区）相同")
    go_by(worker.get_by_role("link", name="合并到这一条"))
    press(worker, "合并")
    expect(worker.locator("main")).to_contain_text("也报告过")


def diagnosed_and_registered(worker: Page) -> None:
    """From the result to the file: what the two clues said stands in the form."""
    go_by(worker.get_by_role("link", name="记录结果").first)
    worker.locator("select[name=state]").select_option("confirmed")
    press(worker, "记录结果")
    expect(worker.locator("[data-errors]")).to_contain_text("确诊时必填")
    worker.locator("select[name=diagnosis]").select_option("01")
    worker.locator("input[name=doctor]").fill("赵医师")
    press(worker, "记录结果")
    follow(worker, "建档")
    expect(worker.locator("input[name=name]")).to_have_value("线索甲")
    expect(worker.locator("input[name=guardian_name]")).to_have_value("家属乙")
    worker.locator("[name=no_id_reason]").first.fill("证件遗失，正在补办")
    press(worker, "建档")
    expect(worker.locator("[data-errors]")).to_contain_text("没有证件的，请填写性别和出生日期")
    expect(worker.locator("input[name=guardian_name]")).to_have_value("家属乙")  # nothing typed is lost
    worker.locator("input[name=birth_on]").fill("1980-03-01")
    worker.locator("input[name=sex][value='1']").check()
    press(worker, "建档")
    expect(worker.locator("h1")).to_contain_text("线索甲")


@SIZES
def test_a_clue_from_the_village_to_the_hospital(world, enter, size):
    clerk = enter(clerk_of(world), size)
    clerk.goto(reverse("registry:clues"))
    go_by(clerk.get_by_role("link", name="报告线索").first)
    press(clerk, "报告")
    expect(clerk.locator("[data-errors]")).to_contain_text("住在哪里")
    clerk.locator("input[name=q5][value='1']").check()
    clerk.locator("input[name=name]").fill("线索甲")
    clerk.locator("select[name=place]").select_option(VILLAGE_A1)
    clerk.locator("select[name=source]").select_option("village")
    press(clerk, "报告")
    expect(clerk.locator("main")).to_contain_text("已提交")

    worker = enter(world.worker, size)
    worker.goto(reverse("followup:worklist"))
    go_by(worker.get_by_role("link", name="分派 线索甲").first)
    go_by(worker.get_by_role("link", name="分派").first)
    press(worker, "分派")
    go_by(worker.get_by_role("link", name="记录核实").first)
    press(worker, "记录核实")
    go_by(worker.get_by_role("link", name="送诊").first)
    worker.locator("input[name=hospital]").fill("甲县精神卫生中心")
    press(worker, "送诊")
    expect(worker.locator("main")).to_contain_text("已送诊")
    clerk.reload()
    expect(clerk.locator("main")).to_contain_text("核实中")

    police = enter(world.police, size)
    told_again(police, worker)
    diagnosed_and_registered(worker)
    police.reload()
    expect(police.locator("main")).to_contain_text("已办结")
    expect(police.locator("main")).not_to_contain_text("精神分裂症")
    with scope(world.worker):
        assert sorted(Clue.objects.values_list("state", flat=True)) == ["duplicate", "registered"]
    assert [
        word for word in (*clerk.complaints, *worker.complaints, *police.complaints) if "status of 400" not in word
    ] == []


@SIZES
def test_a_card_from_the_hospital_to_the_first_visit(world, enter, size):
    page = enter(hospital_of(world), size)
    page.goto(reverse("registry:card_new"))
    for name, value in card_facts().items():
        text = value.isoformat() if hasattr(value, "isoformat") else str(value)
        if name in TICKED:
            for code in value:
                page.locator(f"input[name={name}][value='{code}']").check()
        elif name in CHOSEN:
            page.locator(f"select[name={name}]").select_option(text)
        elif name in RADIOS:
            page.locator(f"input[name={name}][value='{text}']").check()
        elif name not in ("sex", "birth_on", "drugs"):  # the number says the first two
            page.locator(f"input[name={name}]").fill(text)
    page.locator("input[name=drug1_name]").fill("奥氮平")
    page.locator("input[name=drug1_night]").fill("5")
    press(page, "报告")
    expect(page.locator("main")).to_contain_text("待乡镇接收")
    expect(page.locator("main")).to_contain_text("在期限内")

    worker = enter(world.worker, size)
    worker.goto(reverse("followup:worklist"))
    expect(worker.locator("main")).to_contain_text("还剩 5 个工作日")
    go_by(worker.get_by_role("link", name="接收 报卡甲").first)
    follow(worker, "接收")
    press(worker, "接收并建档")
    expect(worker.locator("h1")).to_contain_text("报卡甲")
    worker.goto(reverse("followup:worklist"))
    expect(worker.get_by_role("link", name="首次随访 报卡甲").first).to_be_visible()
    page.reload()
    expect(page.locator("main")).to_contain_text("已接收")
    assert [*page.complaints, *worker.complaints] == []


@SIZES
def test_a_discharge_of_nobody_registered_waits_for_the_card(world, enter, size):
    """出院信息单 of a stranger: the township asks the hospital for the card; with it the notice comes by itself."""
    author = hospital_of(world)
    notice = sent_discharge(author)
    worker = enter(world.worker, size)
    worker.goto(reverse("followup:worklist"))
    go_by(worker.get_by_role("link", name="接收 出院甲").first)
    follow(worker, "接收")
    expect(worker.locator("main")).to_contain_text("没有这个证件号的在册档案")
    press(worker, "请医院先报卡")
    page = enter(author, size)
    page.goto(reverse("followup:worklist"))
    go_by(page.get_by_role("link", name="补报告卡 出院甲").first)
    expect(page.locator("main")).to_contain_text("待医院报卡")
    go_by(page.get_by_role("link", name="补报告卡").first)
    expect(page.locator("main")).to_contain_text("留空保持不变")  # the number comes along, masked
    card = sent_card(author, id_number=notice.said["id_number"], name="出院甲")
    worker.goto(reverse("registry:card", args=[card.uuid]))
    follow(worker, "接收")
    press(worker, "接收并建档")
    expect(worker.locator("h1")).to_contain_text("出院甲")
    worker.goto(reverse("registry:discharge", args=[notice.uuid]))
    expect(worker.locator("main")).to_contain_text("已接收")
    worker.goto(reverse("followup:worklist"))
    expect(worker.get_by_role("link", name="首次随访 出院甲").first).to_be_visible()
    assert [*page.complaints, *worker.complaints] == []


@SIZES
def test_a_wrong_address_is_settled_by_the_county(world, enter, size):
    card = sent_card(hospital_of(world))
    with scope(world.worker):
        hold_paper(paper=card, because=Held.ADDRESS, reason="派出所查无此址", by=world.worker)
    page = enter(world.county_office, size)
    page.goto(reverse("followup:worklist"))
    go_by(page.get_by_role("link", name="核对报告卡 报卡甲").first)
    go_by(page.get_by_role("link", name="改派乡镇").first)
    page.locator("input[name=act][value=send]").check()
    press(page, "县级处理")
    expect(page.locator("[data-errors]")).to_contain_text("请选择乡镇（街道）")
    page.locator("select[name=to]").select_option(world.town_b.code)
    press(page, "县级处理")
    expect(page.locator("main")).to_contain_text("西镇")
    with scope(world.county_office):
        row = ReportCard.objects.get()
        assert (row.state, row.township_id, row.sent_on) == ("sent", world.town_b.pk, timezone.localdate())
