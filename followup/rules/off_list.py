"""移出名单: who may be taken off the list of the due, why, and until when at the latest."""

from datetime import date

from followup.rules.choice import Problem
from followup.rules.dates import add_months, day_after
from followup.rules.policy import CarePolicy
from followup.terms import GIVEN_EXCUSES, Excuse, Stability

MOST_WORDS = 200


def latest_again(stability: int | None, level: int | None, today: date, policy: CarePolicy) -> date:
    """The last day on which to try again: never later than the interval of the last class allows from today.

    Source: 规范第三版 分类干预; 本系统. Units: calendar months and whole days. Nobody seen yet counts as 不稳定.
    """
    if stability == Stability.STABLE:
        return add_months(today, policy.stable_months)
    if stability == Stability.FAIR:
        return add_months(today, policy.fair_still_months)
    if level is None and stability is None:
        return day_after(today, policy.fair_days)
    return day_after(today, policy.unstable_days)


def off_list_problems(reason: str, words: str, again_on: date | None, *, today: date, latest: date) -> list[Problem]:
    """Everything wrong at once. Source: 本系统 移出名单要有代码原因，“其他”要写明."""
    found = []
    if reason not in GIVEN_EXCUSES:
        found.append(Problem("reason", "请选择移出名单的原因。"))
    if reason == Excuse.OTHER and not words:
        found.append(Problem("words", "原因选“其他”时，请写明是什么情况。"))
    if len(words) > MOST_WORDS:
        found.append(Problem("words", f"文字太长，最多 {MOST_WORDS} 个字。"))
    if again_on is None or again_on <= today:
        found.append(Problem("again_on", "请填写再次联系的日期，要晚于今天。"))
    elif again_on > latest:
        found.append(Problem("again_on", f"再次联系最晚是 {latest:%Y-%m-%d}，按上次的分类不能再推后。"))
    return found
