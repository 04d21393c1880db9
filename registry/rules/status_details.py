"""What must be said when a status begins, and what the status means for visits and rates, in words.

Source: 表1-8 2018 (失访原因); 规范2018 §4; the effect on denominators is the indicators' (all living statuses stay
registered). Nothing here changes a number: the words say what the indicators do.
"""

from dataclasses import dataclass
from datetime import date

from accounts.rules.text import TextRefused
from registry.terms import CareStatus, StatusReason

S, R = CareStatus, StatusReason
REASONS: dict[CareStatus, tuple[StatusReason, ...]] = {
    S.LOST: (R.LOST_WORK, R.LOST_MOVED, R.LOST_RAN, R.LOST_MISSED, R.LOST_OTHER),
    S.REFUSED: (R.REFUSED_CARE, R.REFUSED_SELF, R.REFUSED_KIN),
    S.DETAINED: (R.HELD_POLICE, R.HELD_PRISON, R.HELD_ORDER, R.HELD_OTHER),
}


class DetailRefused(TextRefused):
    """Carries the Chinese sentence; `field` says where it belongs."""

    def __init__(self, words: str, field: str) -> None:
        super().__init__(words)
        self.field = field


@dataclass(frozen=True)
class StatusDetails:
    """`place` and `unit`: where somebody is held and who treats there. `until`: the expected end, if known."""

    reason_code: str = ""
    place: str = ""
    unit: str = ""
    until: date | None = None


def check_details(value: str, details: StatusDetails, *, on: date, has_text: bool) -> None:
    """Refuse a status without what it needs. `has_text`: a reason in words was given. Raises: DetailRefused."""
    codes = REASONS.get(CareStatus(value), ())
    if codes and details.reason_code not in codes:
        words = "、".join(code.label for code in codes)
        raise DetailRefused(f"请选择“{CareStatus(value).label}”的原因类别：{words}。", "reason_code")
    if not codes and details.reason_code:
        raise DetailRefused(f"“{CareStatus(value).label}”不需要原因类别，请留空。", "reason_code")
    if details.reason_code in (R.LOST_OTHER, R.HELD_OTHER) and not has_text:
        raise DetailRefused("选了“其他”，请在原因里写明。", "reason")
    if value == S.DETAINED and not details.place:
        raise DetailRefused("请写明羁押或强制医疗的场所。", "place")
    if value == S.DETAINED and details.reason_code == R.HELD_ORDER and not details.unit:
        raise DetailRefused("强制医疗要写明治疗单位。", "unit")
    if details.until is not None and details.until < on:
        raise DetailRefused("预计结束日期不能早于开始日期。", "until")


EFFECTS: dict[CareStatus, str] = {
    S.MANAGED: "按分类随访，计入在册。",
    S.ADMITTED: "仍在册。随访记“目前正在住院”就是完整记录，算服药，不算居家；出院后 14 天内首次随访。",
    S.AWAY: "仍在册，仍由本地管理；可以电话随访。外出一个月以上告知流入地建立临时档案，流入地不计在册。",
    S.LOST: "仍在册，没有随访记录就不算在管。请书面报告政法和公安并继续查找；找到后改回在管。",
    S.REFUSED: "仍在册，不强制随访；没有完整记录就不算在管。请报告关爱帮扶小组，病情变化时建议就诊。",
    S.DETAINED: "仍在册，羁押期间到期的随访记为有原因未访；没有完整记录就不算在管。解除后改回在管，尽快随访。",
    S.MOVED_OUT: "接收方收下之日起不再在册。",
    S.DEAD: "死亡之日起不再在册。",
    S.EXCLUDED: "排除之日起不再在册。",
}
