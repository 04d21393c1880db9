"""What a template lets out: exactly its columns, whatever else is known. Pure."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from accounts.terms import AgencyKind, FieldGroup
from exchange.queries.templates import presets
from exchange.rules.items import GROUP_OF, TOLD, header, is_empty, not_for
from exchange.rules.presets import PresetsRefused, Section, read_presets
from exchange.rules.readers import READERS, amount, risk_code, row
from exchange.rules.recipient_templates import is_near_its_end, is_stale, last_day, problems
from exchange.rules.snapshot import IncidentSnapshot, PersonSnapshot, RowSource, TownSnapshot
from exchange.terms import DataItem, ListKind, Situation
from registry.models import Patient

DAY = date(2026, 6, 30)
I = DataItem  # noqa: E741

# Every fact is recognisable. Where two columns print one fact, both are listed.
CANARY = RowSource(
    on=DAY,
    person=PersonSnapshot(
        name="金丝雀姓名", sex="金丝雀性别", birth_on=date(1971, 1, 2), id_number="990001197101020017",
        ethnicity="金丝雀民族", marital="金丝雀婚姻", education="金丝雀学历", employment="金丝雀职业",
        phone="19900001111", household_area="金丝雀户籍地", household_address="金丝雀户籍址", area="金丝雀现住地",
        address="金丝雀镇金丝雀村3组88号", township="金丝雀镇", poor=True, guardian_name="金丝雀监护人",
        guardian_phone="19900002222", guardian_id="990001194001020019", onset_on=date(1991, 3, 4),
        diagnosis="金丝雀诊断", treatment="金丝雀治疗", incidents=(date(2011, 5, 6), date(2012, 5, 6)),
        team=("金丝雀人员",), level=4, level_on=date(2026, 5, 5), previous_level=2, status="金丝雀状态",
        status_on=date(2026, 4, 4), status_reason="金丝雀原因", opened_on=date(2001, 7, 8),
        last_visit_on=date(2026, 5, 6), incident=IncidentSnapshot(date(2026, 5, 7), 5), certificate_grade=2,
        social={"dibao": True, "disability": True, "insured": True, "chronic": True, "rehab": True},
        admitted_on=date(2026, 2, 1), discharged_on=date(2026, 2, 20), died_on=date(2026, 6, 1),
        worker="金丝雀医生", worker_phone="19900003333",
    ),
    town=TownSnapshot("", 101, 102, 103, 104, 105, 106),
)  # fmt: skip
# What nobody outside health may read in any file but the one that says so.
CLINICAL = {"金丝雀诊断", "金丝雀治疗", "1991-03-04"}


def shown(items) -> set[str]:
    return {cell for cell in row(items, CANARY) if cell}


def test_every_item_has_a_group_and_one_reader():
    assert set(GROUP_OF) == set(READERS) == set(DataItem)
    assert {item for item in DataItem if is_empty(item) and READERS[item](CANARY)} == set()
    assert {item for item in DataItem if not is_empty(item) and not READERS[item](CANARY)} == set()


@pytest.mark.parametrize("key", sorted(presets()))
def test_a_template_yields_exactly_its_columns(key):
    preset = presets()[key]
    for section in preset.sections:
        cells = row(section.items, CANARY)
        assert cells == [READERS[item](CANARY) for item in section.items]
        told = {item for item in section.items if not is_empty(item)}
        other = {READERS[item](CANARY) for item in DataItem if item not in told} - {
            READERS[item](CANARY) for item in told
        }
        assert shown(section.items) & other == set()
        if preset.situation != Situation.STANDARD_FULL and preset.agency not in (
            AgencyKind.PREVENTION_OFFICE, AgencyKind.HEALTH_CENTRE,
        ):  # fmt: skip
            assert not CLINICAL & shown(section.items)


def test_each_agency_is_told_its_groups_only():
    """Written by hand from the access matrix: what must never reach whom."""
    never = {
        AgencyKind.CIVIL_AFFAIRS: {FieldGroup.RISK, FieldGroup.CLINICAL, FieldGroup.MEDICINE, FieldGroup.INCIDENT},
        AgencyKind.DISABLED_FEDERATION: {FieldGroup.RISK, FieldGroup.CLINICAL, FieldGroup.INCIDENT},
        AgencyKind.INSURANCE: {FieldGroup.RISK, FieldGroup.CLINICAL, FieldGroup.INCIDENT, FieldGroup.GUARDIAN},
        AgencyKind.HUMAN_RESOURCES: {FieldGroup.RISK, FieldGroup.CLINICAL, FieldGroup.INCIDENT, FieldGroup.GUARDIAN},
        AgencyKind.POLICE: {FieldGroup.CLINICAL, FieldGroup.MEDICINE, FieldGroup.MONEY},
        AgencyKind.GOVERNMENT: {FieldGroup.RISK, FieldGroup.CLINICAL, FieldGroup.INCIDENT, FieldGroup.GUARDIAN},
    }
    for preset in presets().values():
        groups = {GROUP_OF[item] for section in preset.sections for item in section.items}
        assert groups & never.get(preset.agency, set()) == set(), preset.key
    assert AgencyKind.FINANCE not in TOLD
    assert not_for(AgencyKind.POLICE, Situation.STANDARD_FULL, [I.DIAGNOSIS]) == [I.DIAGNOSIS]
    assert not_for(AgencyKind.POLITICAL_LEGAL, Situation.STANDARD, [I.DIAGNOSIS]) == [I.DIAGNOSIS]
    assert not_for(AgencyKind.POLITICAL_LEGAL, Situation.STANDARD_FULL, [I.DIAGNOSIS]) == []


STANDARD_HEADER = (
    "公民身份号码,姓名,曾用名,性别,出生日期,民族,籍贯,婚姻状况,政治面貌,学历,宗教信仰,职业类别,职业,服务处所,联系方式,"
    "户籍地,户籍门（楼）详址,现住地,现住门（楼）详址,家庭经济状况,是否纳入低保,监护人公民身份号码,监护人姓名,"
    "监护人联系方式,初次发病日期,目前诊断类型,有无肇事肇祸史,肇事肇祸次数,上次肇事肇祸日期,目前危险性评估等级,治疗情况,"
    "治疗医院名称,实施住院治疗原因,接受康复训练机构名称,参与管理人员,帮扶情况,关注程度"
).split(",")


def test_the_standards_file_has_its_items_in_order_and_keeps_four_columns_empty():
    (section,) = presets()["political_legal.standard"].sections
    assert [header(item) for item in section.items] == STANDARD_HEADER
    cells = dict(zip(STANDARD_HEADER, row(section.items, CANARY), strict=True))
    assert cells["目前危险性评估等级"] == "05"  # level 4
    for name in ("目前诊断类型", "治疗情况", "宗教信仰", "政治面貌"):
        assert cells[name] == ""
    (full,) = presets()["political_legal.standard_full"].sections
    assert [header(item) for item in full.items] == STANDARD_HEADER
    assert {"金丝雀诊断", "金丝雀治疗"} <= shown(full.items)


def test_code_01_is_level_0():
    assert [risk_code(level) for level in (0, 1, 2, 3, 4, 5, None)] == ["01", "02", "03", "04", "05", "06", ""]


def test_small_numbers_of_a_township_are_not_told():
    assert [amount(n) for n in (0, 1, 4, 5, 60)] == ["0", "少于5", "少于5", "5", "60"]


def test_a_new_field_of_a_model_or_a_snapshot_changes_no_header_row():
    before = {key: [header(i) for part in preset.sections for i in part.items] for key, preset in presets().items()}
    assert not {f.name for f in fields(PersonSnapshot)} & {"basis", "symptoms", "drugs", "side_effect", "details"}
    Patient.brand_new_secret = "金丝雀新字段"
    try:
        presets.cache_clear()
        after = {key: [header(i) for part in preset.sections for i in part.items] for key, preset in presets().items()}
    finally:
        del Patient.brand_new_secret
    assert after == before


def facts(**more):
    from tests.exchange.templates import facts_for

    return replace(facts_for(presets()["police.quarterly"]), **{"assessed_on": DAY, "starts_on": DAY, **more})


@pytest.mark.parametrize(
    ("more", "field", "said"),
    [
        ({"citation": ""}, "citation", "依据"),
        ({"basis": "emergency"}, "basis", "不是紧急情况"),
        ({"agreement": ""}, "agreement", "协议"),
        ({"assessment": ""}, "assessment", "影响评估"),
        ({"assessed_on": DAY + timedelta(days=1)}, "assessed_on", "不能晚于今天"),
        ({"assessed_on": date(2023, 6, 29)}, "assessed_on", "满 3 年"),
        ({"assessed_on": date(2023, 7, 5), "starts_on": date(2026, 7, 6)}, "assessed_on", "满 3 年"),
        ({"starts_on": date(2026, 6, 29)}, "starts_on", "早于今天"),
        ({"sections": ()}, "columns", "至少"),
        ({"sections": (Section(ListKind.HIGH_RISK, (I.NAME, I.DIAGNOSIS)),)}, "columns", "目前诊断类型"),
        ({"sections": (Section(ListKind.HIGH_RISK, (I.NAME, I.ID_NUMBER)),)}, "columns", "公民身份号码"),
        ({"sections": (Section(ListKind.ASSISTED, (I.NAME,)),)}, "columns", "不能有"),
        ({"sections": (Section(ListKind.HIGH_RISK, (I.SEX, I.NAME)),)}, "columns", "次序"),
        ({"sections": (Section(ListKind.HIGH_RISK, ()),)}, "columns", "没有选栏目"),
        ({"sections": (Section(ListKind.HIGH_RISK, (I.NAME,)), Section(ListKind.HIGH_RISK, (I.NAME,)))}, "columns", "两次"),
    ],
)  # fmt: skip
def test_what_a_template_may_not_say(more, field, said):
    (found,) = problems(facts(**more), presets()["police.quarterly"], today=DAY)
    assert (found.field, said in found.message) == (field, True), found.message


def test_a_template_with_fewer_columns_is_good():
    less = (Section(ListKind.HIGH_RISK, (I.NAME, I.LEVEL)),)
    assert problems(facts(sections=less), presets()["police.quarterly"], today=DAY) == []


def test_three_years_of_an_assessment():
    assert last_day(date(2023, 6, 30)) == DAY
    assert last_day(date(2024, 2, 29)) == date(2027, 2, 28)
    assert not is_stale(date(2023, 6, 30), DAY)
    assert is_stale(date(2023, 6, 29), DAY)
    assert is_near_its_end(date(2023, 6, 30), date(2026, 5, 1))
    assert not is_near_its_end(date(2023, 6, 30), date(2026, 4, 30))


def test_a_preset_that_tells_too_much_is_not_read():
    text = (
        '[[template]]\nagencies = ["civil_affairs"]\nsituation = "half_yearly"\nrhythm = "half_yearly"\n'
        'basis = "statutory_duty"\ncitation = "x"\n[[template.section]]\nlist = "assisted"\nitems = ["name", "level"]\n'
    )
    with pytest.raises(PresetsRefused, match="危险性评估等级"):
        read_presets(text)
    with pytest.raises(PresetsRefused, match="nonsense"):
        read_presets(text.replace("level", "nonsense"))
