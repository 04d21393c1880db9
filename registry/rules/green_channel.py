"""绿色通道: what the law asks for next, in words. It prompts and never decides an admission (精神卫生法 第三十至三十五条)."""

from dataclasses import dataclass
from datetime import date, timedelta

from accounts.rules.day_words import long_day
from accounts.rules.text import TextRefused
from registry.terms import Ground, OpinionResult


class PassageRefused(TextRefused):
    """The dates cannot be true together. `field` names the one to look at."""

    def __init__(self, text: str, *, field: str) -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True)
class Passage:
    """The facts that the prompts are made from."""

    arrived_on: date
    ground: str = ""
    concluded_on: date | None = None
    guardian_agrees: bool | None = None
    second_asked_on: date | None = None
    second_on: date | None = None
    second_result: str = ""
    appraisal_asked_on: date | None = None
    appraisal_on: date | None = None
    appraisal_result: str = ""


@dataclass(frozen=True)
class Prompt:
    """One sentence; `due_on` when a right ends on a day."""

    text: str
    due_on: date | None = None
    is_late: bool = False


def second_opinion_until(concluded_on: date, *, days: int = 3) -> date:
    """Last day to ask for a second diagnosis. Source: 精神卫生法 第三十二条第一款. Units: calendar days."""
    return concluded_on + timedelta(days=days)


def check_passage(facts: Passage, *, today: date, days: int = 3) -> None:
    """Refuse dates that run backwards, and a second opinion asked for after its time. Raises: PassageRefused."""
    steps = (
        ("concluded_on", "收到诊断结论的日期", facts.concluded_on, facts.arrived_on, "送达日期"),
        ("second_asked_on", "要求再次诊断的日期", facts.second_asked_on, facts.concluded_on, "收到诊断结论的日期"),
        ("second_on", "再次诊断的日期", facts.second_on, facts.second_asked_on, "要求再次诊断的日期"),
        ("appraisal_asked_on", "委托鉴定的日期", facts.appraisal_asked_on, facts.second_on, "再次诊断的日期"),
        ("appraisal_on", "鉴定报告的日期", facts.appraisal_on, facts.appraisal_asked_on, "委托鉴定的日期"),
    )
    for field, name, day, before, before_name in steps:
        if day is None:
            continue
        if day > today:
            raise PassageRefused(f"{name}不能晚于今天。请核对日期。", field=field)
        if before is None:
            raise PassageRefused(f"请先填写{before_name}。", field=field)
        if day < before:
            raise PassageRefused(f"{name}不能早于{before_name} {before}。请核对日期。", field=field)
    if facts.second_asked_on and facts.ground != Ground.ITEM_2:
        raise PassageRefused("只有依据第二款第二项住院的，才有再次诊断（第三十二条）。请核对依据。", field="ground")
    if facts.concluded_on and facts.second_asked_on:
        last = second_opinion_until(facts.concluded_on, days=days)
        if facts.second_asked_on > last:
            raise PassageRefused(
                f"再次诊断要在收到结论起 {days} 日内提出，最晚 {last}。请核对日期。", field="second_asked_on"
            )


def prompts(facts: Passage, *, today: date, days: int = 3) -> list[Prompt]:
    """What to look at now, most pressing first. Source: 精神卫生法 第三十条至第三十五条. Units: calendar days."""
    if not facts.ground:
        return [Prompt("请医院告知依据第三十条的哪一款、哪一项，并登记。")]
    if facts.ground == Ground.VOLUNTARY:
        return [Prompt("自愿住院。本人可以随时要求出院（第四十四条）。")]
    if facts.ground == Ground.ITEM_1:
        return [_item_1(facts)]
    return _item_2(facts, today, days)


def _item_1(facts: Passage) -> Prompt:
    if facts.guardian_agrees is None:
        return Prompt("有伤害自身的情形，住院须经监护人同意（第三十一条）。请登记监护人的意见。")
    if facts.guardian_agrees:
        return Prompt("监护人已同意住院（第三十一条）。")
    return Prompt("监护人不同意的，不得住院；由监护人在家看护（第三十一条）。请安排上门随访，提醒监护人看护。")


def _item_2(facts: Passage, today: date, days: int) -> list[Prompt]:
    final = facts.appraisal_result or facts.second_result
    if final == OpinionResult.NOT_NEEDED:
        return [Prompt("结论是不需要住院的，任何单位和个人不得限制其离开医院（第三十五条）。请更正报告卡。")]
    if facts.appraisal_result == OpinionResult.NEEDED:
        return [Prompt("鉴定确认需要住院，监护人应当同意；阻碍的由公安机关协助（第三十五条）。")]
    if facts.appraisal_asked_on:
        return [Prompt("已委托鉴定，等鉴定报告。")]
    if facts.second_result == OpinionResult.NEEDED:
        return [Prompt("再次诊断确认需要住院。监护人仍有异议的，可以自主委托鉴定（第三十二条第三款）。")]
    if facts.second_asked_on:
        return [Prompt("已要求再次诊断。由原医院或另一家医院的两名未参加初次诊断的精神科医师进行（第三十二条）。")]
    if facts.concluded_on is None:
        return [Prompt("请登记本人或监护人收到诊断结论的日期；再次诊断的期限从这一天算起（第三十二条）。")]
    last = second_opinion_until(facts.concluded_on, days=days)
    left = (last - today).days
    if left < 0:
        return [Prompt(f"要求再次诊断的期限已过（{long_day(last)}）。没有人提出。", last, is_late=True)]
    rest = "今天是最后一天" if left == 0 else f"还剩 {left} 天"
    words = f"{rest}，{long_day(last)}前"
    return [Prompt(f"请告知监护人：不同意住院的，可以要求再次诊断（{words}，第三十二条）。", last)]
