"""The national platform: its export under the county's names of columns, three lists, the sheet, followed until equal."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import CountyPolicy
from accounts.refusals import Denied, NotHere, Refused
from accounts.scope import scope
from exchange.models import Difference, InboundList, PlatformHeaders
from exchange.queries.differences import why
from exchange.queries.inbound import FILE, kinds, senders_of
from exchange.queries.platform import kind_on, three_lists, tracks_of
from exchange.rules.differences import conclusion_words
from exchange.rules.inbound_kinds import KindsRefused, read_kinds
from exchange.services.differences import accept_differences
from exchange.services.inbound import Handed, draft_list, send_list
from exchange.services.inbound_comparing import compare_due
from exchange.services.inbound_forgetting import forget_platforms
from exchange.services.platform import platform_sheet, set_headers
from exchange.terms import SYSTEMS, Conclusion, InboundItem, InboundKind
from tests import factories
from tests.conftest import TOWN_A, VILLAGE_A1
from tests.exchange.inbound import answer, differences, draft

K = InboundKind


def export(lists, header, rows, *, kind=K.NATIONAL, number=1):
    by, today = lists["office"], timezone.localdate()
    text = "\n".join(",".join(line) for line in [header, *rows])
    quarter = f"{today.year}Q{(today.month + 2) // 3}"
    with scope(by):
        said = Handed(str(by.agency.uuid), kind.value, number, quarter)
        one = draft_list(handed=said, content=text.encode(), name="导出.csv", by=by)
        send_list(uuid=one.uuid, seen=one.fingerprint, by=by)
    compare_due()
    return InboundList.objects.select_related("county", "agency").get(uuid=one.uuid)


def sheet_of(lists, row):
    with scope(lists["office"]):
        content, number = platform_sheet(row=row, by=lists["office"])
    lines = list(load_workbook(io.BytesIO(content)).active.values)
    assert len(lines) == number + 1
    return lines


def tracked(lists, row):
    with scope(lists["office"]):
        return {one.label: (one.waiting, one.in_sheet, one.equal) for one in tracks_of(row)}


HEADER = ["患者姓名", "身份证号码", "患者电话", "所属乡镇"]


def test_three_lists_a_sheet_and_the_next_export_that_agrees(lists):
    world = lists["world"]
    same, differs, lacks = (world.patient(VILLAGE_A1, name) for name in ("相同甲", "不同乙", "平台缺丙"))
    rows = [
        [same.name, str(same.id_number), "19900000001", ""],
        [differs.name, str(differs.id_number), "19900000099", ""],
        ["平台有丁", factories.id_number(serial=901), "", TOWN_A],
    ]
    first = export(lists, HEADER, rows)
    assert {name: n for name, n in first.counts.items() if n} == {
        "same": 1, "differs": 1, "only_theirs": 1, "only_ours": 1,
    }  # fmt: skip
    assert tracked(lists, first) == {"仅我方有": (1, 0, 0), "仅对方有": (1, 0, 0), "字段不一致": (1, 0, 0)}
    lines = sheet_of(lists, first)
    assert lines[0][:2] == ("患者姓名", "身份证号码")
    assert "备注" not in lines[0]
    assert {line[0]: line[1] for line in lines[1:]} == {
        "不同乙": str(differs.id_number), "平台缺丙": str(lacks.id_number),
    }  # fmt: skip
    assert lines[1][lines[0].index("患者电话")] == "19900000001"
    assert tracked(lists, first) == {"仅我方有": (0, 1, 0), "仅对方有": (1, 0, 0), "字段不一致": (0, 1, 0)}
    rows[1][2] = "19900000001"
    second = export(lists, HEADER, [*rows, [lacks.name, str(lacks.id_number), "", ""]], number=2)
    assert tracked(lists, second) == {"仅我方有": (0, 0, 1), "仅对方有": (1, 0, 0), "字段不一致": (0, 0, 1)}
    with scope(lists["office"]), pytest.raises(Refused, match="没有要上报的内容"):
        platform_sheet(row=second, by=lists["office"])


def test_what_the_township_has_answered_is_followed_until_the_export_agrees(lists):
    world = lists["world"]
    differs = world.patient(VILLAGE_A1, "不同乙")
    rows = [[differs.name, str(differs.id_number), "19900000099", ""]]
    first = export(lists, HEADER, rows)
    answer(world.worker, differences(lists["county"])["differs 不同乙"], "theirs_wrong")
    with scope(lists["county_second"]):
        chosen = [one.uuid for one in Difference.objects.filter(last_inbound=first)]
        assert accept_differences(row=first, chosen=chosen, by=lists["county_second"]) == 1
    second = export(lists, [*HEADER, "备注"], [[*rows[0], "再次"]], number=2)
    assert differences(lists["county"]) == {}  # nobody is asked the same again
    assert len(sheet_of(lists, second)) == 2
    rows[0][2] = "19900000001"
    third = export(lists, HEADER, rows, number=3)
    assert tracked(lists, third)["字段不一致"] == (0, 0, 1)


def test_the_county_names_the_columns_from_a_day_on(lists):
    office, county, today = lists["office"], lists["county"], timezone.localdate()
    patient = lists["world"].patient(VILLAGE_A1, "相同甲")
    shipped = kinds()[K.NATIONAL]
    with scope(office):
        with pytest.raises(Refused, match="用了同一个列名"):
            set_headers(
                county=county, kind=shipped, starts_on=today, headers={"name": "联系人", "phone": "联系人"}, by=office
            )
        for name in ("名字", "病人名字"):
            set_headers(county=county, kind=shipped, starts_on=today, headers={"name": name}, by=office)
        set_headers(
            county=county, kind=shipped, starts_on=today + timedelta(days=1), headers={"name": "明天"}, by=office
        )
        assert PlatformHeaders.objects.count() == 2
        assert kind_on(shipped, county, today).header(InboundItem.NAME) == "病人名字"
        assert kind_on(shipped, county, today - timedelta(days=1)).header(InboundItem.NAME) == "患者姓名"
        with pytest.raises(NotHere):
            set_headers(county=county, kind=kinds()[K.DIBAO], starts_on=today, headers={}, by=office)
    with pytest.raises(Refused, match="不认识的列：患者姓名"):
        export(lists, ["患者姓名", "身份证号码"], [["甲", "1"]])
    assert export(lists, ["病人名字", "身份证号码"], [[patient.name, str(patient.id_number)]]).counts["same"] == 1
    with scope(lists["clerk"]), pytest.raises(Denied):
        set_headers(county=county, kind=shipped, starts_on=today, headers={}, by=lists["clerk"])


def test_interfaces_by_data_element_are_off_until_the_county_switches_them_on(lists):
    office, county, today = lists["office"], lists["county"], timezone.localdate()
    patient = lists["world"].patient(VILLAGE_A1, "相同甲")
    header = ["DE02.01.039.00", "DE02.01.030.00", "DE02.01.040.00", "DE02.01.005.01"]
    row = [patient.name, str(patient.id_number), "1", "19800506"]
    with scope(office):
        assert {kind.code for one in senders_of(office, today) for kind in one.kinds} == {K.NATIONAL}
    with pytest.raises(NotHere):
        export(lists, header, [row], kind=K.PROVINCIAL)
    CountyPolicy.objects.create(county=county, key="element_provincial", value=True, starts_on=today, set_by=office)
    other = lists["world"].patient(VILLAGE_A1, "平台缺丙")
    found = export(lists, header, [row], kind=K.PROVINCIAL)
    assert {name: n for name, n in found.counts.items() if n} == {"same": 1, "only_ours": 1}
    assert sheet_of(lists, found) == [
        ("DE02.01.039.00", "DE02.01.030.00", "DE02.01.040.00", "DE02.01.005.01", "DE02.01.010.00"),
        ("平台缺丙", str(other.id_number), "1", "1980-05-06", "19900000001"),
    ]


def test_only_a_platform_has_a_sheet_and_only_the_county_makes_it(lists):
    with pytest.raises(NotHere):
        draft(lists["office"], lists["police_office"], lists["county"], K.POLICE_REGISTER, [], content=b"x", number=1)
    patient = lists["world"].patient(VILLAGE_A1, "平台缺丙")
    row = export(lists, ["患者姓名", "身份证号码"], [["外人", factories.id_number(serial=902)]])
    with scope(lists["world"].worker), pytest.raises(Denied):
        platform_sheet(row=row, by=lists["world"].worker)
    assert [line[0] for line in sheet_of(lists, row)[1:]] == [patient.name]


def test_a_difference_names_the_platform_and_not_who_handed_the_export_in(lists):
    differs = lists["world"].patient(VILLAGE_A1, "不同乙")
    export(lists, HEADER, [[differs.name, str(differs.id_number), "19900000099", ""]])
    assert why(differences(lists["county"])["differs 不同乙"]) == "与国家严重精神障碍信息系统不一致：联系电话"
    assert set(SYSTEMS) == {kind.code for kind in kinds().values() if kind.platform}


def test_two_columns_of_one_name_refuse_the_file_of_kinds():
    text = FILE.read_text(encoding="utf-8").replace('phone = "患者电话"', 'phone = "患者姓名"', 1)
    with pytest.raises(KindsRefused, match="两个栏目用了同一个列名"):
        read_kinds(text)


def test_three_lists_by_name_until_they_agree(lists, log_in):
    world = lists["world"]
    differs, lacks = world.patient(VILLAGE_A1, "不同乙"), world.patient(VILLAGE_A1, "平台缺丙")
    rows = [
        [differs.name, str(differs.id_number), "19900000099", ""],
        ["平台有丁", factories.id_number(serial=901), "", TOWN_A],
    ]
    first = export(lists, HEADER, rows)

    def listed(row):
        with scope(lists["office"]):
            return {
                one.label: [(its.name, its.what, its.how_far) for its in one.people]
                for one in three_lists(row, lists["office"])
            }

    assert listed(first) == {
        "仅我方有": [("平台缺丙", "", "待核实")], "仅对方有": [("平台有丁", "", "待核实")],
        "字段不一致": [("不同乙", "联系电话", "待核实")],
    }  # fmt: skip
    sheet_of(lists, first)
    made = "已做表，等下次导出"
    assert [people[0][2] for people in listed(first).values()] == [made, "待核实", made]
    page = log_in(lists["office"]).get(reverse("exchange:platform_people", args=[first.uuid])).content.decode()
    for name in ("平台缺丙", "平台有丁", "不同乙", "做上报表"):
        assert name in page
    rows[0][2] = "19900000001"
    second = export(lists, HEADER, [*rows, [lacks.name, str(lacks.id_number), "", ""]], number=2)
    assert listed(second) == {"仅我方有": [], "仅对方有": [("平台有丁", "", "待核实")], "字段不一致": []}
    with scope(lists["world"].worker_b):
        assert [one.people for one in three_lists(second, lists["world"].worker_b)] == [[], [], []]


def test_what_an_export_said_of_people_is_forgotten_and_still_followed(lists):
    world, office = lists["world"], lists["office"]
    reviewed, agreed, open_ = (world.patient(VILLAGE_A1, name) for name in ("审过甲", "一致乙", "未办丙"))
    wrong = [[one.name, str(one.id_number), "19900000099", ""] for one in (reviewed, agreed, open_)]
    first = export(lists, HEADER, wrong)
    answer(world.worker, differences(lists["county"])["differs 审过甲"], "theirs_wrong", "以我方为准")
    with scope(lists["county_second"]):
        chosen = [one.uuid for one in Difference.objects.filter(patient=reviewed)]
        accept_differences(row=first, chosen=chosen, by=lists["county_second"])
    wrong[1][2] = "19900000001"
    second = export(lists, [*HEADER, "备注"], [[*one, ""] for one in wrong], number=2)
    CountyPolicy.objects.create(
        county=lists["county"], key="platform_forget_days", value=5, starts_on=timezone.localdate(), set_by=office
    )
    today = timezone.localdate()
    with scope(counties=[lists["county"].pk]):
        assert forget_platforms(today=today + timedelta(days=4)) == 0
        assert forget_platforms(today=today + timedelta(days=5)) == 2
        assert forget_platforms(today=today + timedelta(days=5)) == 0
        left = {one.patient.name: (bool(one.told), one.words) for one in Difference.objects.select_related("patient")}
        assert left == {"审过甲": (False, ""), "一致乙": (False, ""), "未办丙": (True, "")}
        assert not InboundList.objects.exclude(forgotten_at=None).exists()  # one of the first is still being worked
        Difference.objects.filter(patient=open_).update(state="lapsed", equal_at=timezone.now())
        assert forget_platforms(today=today + timedelta(days=9)) == 1
    assert [one.number for one in InboundList.objects.exclude(forgotten_at=None)] == [1]
    assert sheet_of(lists, second)[1][0] == "审过甲"  # followed by its key, with our own words
    third = export(lists, HEADER, [[one[0], one[1], "19900000001", ""] for one in wrong], number=3)
    assert tracked(lists, third)["字段不一致"] == (0, 0, 3)


def test_what_the_platform_lacks_we_enter_there_ourselves(lists, log_in):
    """The county reports to the platform itself: nobody on the other side could be asked."""
    world = lists["world"]
    world.patient(VILLAGE_A1, "平台缺丙")
    first = export(lists, HEADER, [["平台有丁", factories.id_number(serial=901), "", TOWN_A]])
    one = differences(lists["county"])["only_ours 平台缺丙"]
    page = log_in(world.worker).get(reverse("exchange:difference", args=[one.uuid])).content.decode()
    assert "应列入，由本县在平台补录" in page
    answer(world.worker, one, "theirs_lacks")
    for address, key in (("differences_review", first.uuid), ("difference", one.uuid), ("difference_return", one.uuid)):
        page = log_in(lists["county_second"]).get(reverse(f"exchange:{address}", args=[key])).content.decode()
        assert ("应列入，由本县在平台补录" in page, "请对方" in page) == (True, False)


@pytest.mark.parametrize("said", [one for one in Conclusion if "对方" in one.label])
def test_no_conclusion_asks_another_side_of_a_platform(said):
    assert "对方" not in conclusion_words(said, K.NATIONAL)
    assert conclusion_words(said, K.POLICE_REGISTER) == said.label
