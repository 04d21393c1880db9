"""The national platform: its export handed in, the three lists, the sheet, and followed until the next export agrees.

As the county's prevention office. Source: issue 4, Build 7 and Shows 6.
"""

import io
from pathlib import Path

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import expect

from exchange.services.inbound_comparing import compare_due
from tests import factories
from tests.browser.seeing import see
from tests.conftest import TOWN_A, VILLAGE_A1
from tests.exchange.test_platform import HEADER
from tests.journeys.steps import SIZES, follow, go_by, held, press

NAME = "国家严重精神障碍信息系统导出"
pytestmark = pytest.mark.django_db(transaction=True)


def hand_in(page, number, rows):
    text = "\n".join(",".join(row) for row in [HEADER, *rows])
    page.goto(reverse("exchange:inbound_send"))
    page.locator("[name=number]").fill(str(number))
    page.locator("[name=file]").set_input_files(
        {"name": "导出.csv", "mimeType": "text/csv", "buffer": text.encode("gb18030")}
    )
    press(page, "检查文件")
    expect(page.locator("main")).to_contain_text("可以核对")
    see(page)
    press(page, "确认报送")
    expect(page.locator(".flashes")).to_contain_text("已报送")
    assert compare_due() == 1


def opened(page, number):
    page.goto(reverse("exchange:inbound_lists"))
    go_by(page.locator("li", has_text=f"第 {number} 份").get_by_role("link", name=NAME))


def numbers(page):
    """Of each list: not in a sheet, in one, equal."""
    rows = page.locator("[aria-labelledby=track] tbody tr")
    return {
        row.locator("th").inner_text(): [int(cell.inner_text().split()[-1]) for cell in row.locator("td").all()]
        for row in rows.all()
    }


@SIZES
def test_an_export_three_lists_a_sheet_and_the_next_export_that_agrees(world, enter, size):
    differs, lacks = world.patient(VILLAGE_A1, "冉启明"), world.patient(VILLAGE_A1, "白秀英")
    stranger = ["田来福", factories.id_number(serial=901), "", TOWN_A]
    office = enter(world.county_office, size)
    hand_in(office, 1, [[differs.name, str(differs.id_number), "19900000099", ""], stranger])

    opened(office, 1)
    see(office)
    assert numbers(office) == {"仅我方有": [1, 0, 0], "仅对方有": [1, 0, 0], "字段不一致": [1, 0, 0]}
    follow(office, "看三张名单")
    see(office)
    for name, words in (("仅我方有", "白秀英"), ("仅对方有", "田来福"), ("字段不一致", "冉启明")):
        panel = office.locator("section", has=office.get_by_role("heading", name=name))
        expect(panel).to_contain_text(words)
        expect(panel).to_contain_text("待核实")

    opened(office, 1)
    with office.expect_download() as got:
        office.get_by_role("button", name="做上报表").click()
    lines = list(load_workbook(io.BytesIO(Path(got.value.path()).read_bytes())).active.values)
    assert lines[0][:2] == ("患者姓名", "身份证号码")
    assert {line[0]: line[1] for line in lines[1:]} == {
        "冉启明": str(differs.id_number), "白秀英": str(lacks.id_number),
    }  # fmt: skip
    office.reload()
    assert numbers(office) == {"仅我方有": [0, 1, 0], "仅对方有": [1, 0, 0], "字段不一致": [0, 1, 0]}

    known = [[one.name, str(one.id_number), "19900000001", ""] for one in (differs, lacks)]
    hand_in(office, 2, [*known, stranger])
    opened(office, 2)
    see(office)
    assert numbers(office) == {"仅我方有": [0, 0, 1], "仅对方有": [1, 0, 0], "字段不一致": [0, 0, 1]}
    press(office, "做上报表")
    expect(office.locator(".flashes")).to_contain_text("没有要上报的内容")
    held(office)
