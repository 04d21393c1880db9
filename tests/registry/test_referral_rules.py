"""The pure side of referral, emergency channel and help: who is sent where, what the law asks next, who signs."""

from datetime import date

import pytest

from registry.rules.admission_help import duty_of
from registry.rules.green_channel import Passage, PassageRefused, check_passage, prompts, second_opinion_until
from registry.rules.referral import Destination, suggest
from registry.terms import DestinationCategory as C

TODAY = date(2026, 11, 24)
TABLE = [
    Destination(C.COMPULSORY, date(2026, 1, 1), 1, "市精神病防治院", "市收治方案"),
    Destination(C.INFECTIOUS, date(2026, 1, 1), 1, "市精神病防治院"),
    Destination(C.VETERAN, date(2025, 1, 1), 2, "旧县中心"),
    Destination(C.VETERAN, date(2026, 11, 24), 3, "县精神卫生中心"),
    Destination(C.VETERAN, date(2026, 11, 25), 4, "明天的医院"),
]


@pytest.mark.parametrize(
    ("categories", "name"),
    (
        pytest.param(["veteran"], "县精神卫生中心", id="the-row-that-began-today"),
        pytest.param(["veteran", "infectious"], "市精神病防治院", id="infectious-before-veteran"),
        pytest.param(["compulsory", "veteran"], "市精神病防治院", id="compulsory-first"),
        pytest.param(["general"], "", id="nothing-said-for-the-rest"),
        pytest.param([], "", id="no-category"),
    ),
)
def test_suggest(categories, name):
    assert suggest(categories, TABLE, today=TODAY).name == name


def test_suggest_says_why():
    assert suggest(["compulsory"], TABLE, today=TODAY).because == (
        "强制医疗患者由市精神病防治院收治（县级收治表 2026-01-01 起，依据市收治方案）。"
    )
    assert suggest([], TABLE, today=TODAY).because == "县级收治表里没有适用的医院，请自行选择。"


ITEM_2 = Passage(date(2026, 11, 20), "item_2", concluded_on=date(2026, 11, 21))


def test_the_third_day_is_the_last_to_ask_for_a_second_diagnosis():
    assert second_opinion_until(date(2026, 11, 21)) == TODAY
    (prompt,) = prompts(ITEM_2, today=TODAY)
    assert (prompt.due_on, prompt.is_late) == (TODAY, False)
    assert "今天是最后一天，11 月 24 日前" in prompt.text
    assert "还剩 1 天" in prompts(ITEM_2, today=date(2026, 11, 23))[0].text
    assert prompts(ITEM_2, today=date(2026, 11, 25))[0].is_late


@pytest.mark.parametrize(
    ("facts", "words"),
    (
        ({"ground": ""}, "哪一款"),
        ({"ground": "voluntary"}, "随时要求出院"),
        ({"ground": "item_1"}, "须经监护人同意"),
        ({"ground": "item_1", "guardian_agrees": False}, "不得住院；由监护人在家看护"),
        ({"ground": "item_1", "guardian_agrees": True}, "监护人已同意"),
        ({"ground": "item_2"}, "请登记本人或监护人收到诊断结论的日期"),
        ({"ground": "item_2", "concluded_on": TODAY, "second_asked_on": TODAY}, "两名未参加初次诊断"),
        ({"ground": "item_2", "second_result": "needed"}, "自主委托鉴定"),
        ({"ground": "item_2", "second_result": "not_needed"}, "不得限制其离开"),
        ({"ground": "item_2", "second_result": "needed", "appraisal_result": "not_needed"}, "不得限制其离开"),
        ({"ground": "item_2", "second_result": "needed", "appraisal_result": "needed"}, "监护人应当同意"),
    ),
    ids=str,
)
def test_prompts_say_what_the_law_asks_and_decide_nothing(facts, words):
    (prompt,) = prompts(Passage(date(2026, 11, 20), **facts), today=TODAY)
    assert words in prompt.text


@pytest.mark.parametrize(
    ("facts", "field"),
    (
        ({"concluded_on": date(2026, 11, 19)}, "concluded_on"),
        ({"concluded_on": date(2026, 11, 25)}, "concluded_on"),
        ({"concluded_on": date(2026, 11, 21), "second_asked_on": date(2026, 11, 24)}, None),
        ({"concluded_on": date(2026, 11, 20), "second_asked_on": date(2026, 11, 24)}, "second_asked_on"),
        ({"second_asked_on": date(2026, 11, 24)}, "second_asked_on"),
        ({"ground": "item_1", "concluded_on": TODAY, "second_asked_on": TODAY}, "ground"),
    ),
    ids=str,
)
def test_dates_of_an_emergency_admission(facts, field):
    passage = Passage(**{"arrived_on": date(2026, 11, 20), "ground": "item_2", **facts})
    if field is None:
        check_passage(passage, today=TODAY)
        return
    with pytest.raises(PassageRefused) as refusal:
        check_passage(passage, today=TODAY)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("direction", "guardian", "signer", "words"),
    (
        ("in", "able", "guardian", "由监护人办理"),
        ("in", "unable", "guardian", "会同派出所"),
        ("in", "none", "township", "户籍所在地镇街安排人员办理入院手续"),
        ("out", "able", "guardian", "由监护人办理"),
        ("out", "unwilling", "guardian", "督促监护人接收"),
        ("out", "none", "township", "户籍所在地镇街安排人员办理出院手续"),
    ),
)
def test_who_signs_and_what_the_township_does(direction, guardian, signer, words):
    duty = duty_of(direction, guardian)
    assert (duty.signer, words in duty.task) == (signer, True)
