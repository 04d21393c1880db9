"""Why a person is counted or not, in one plain sentence with its dates."""

from collections.abc import Callable
from datetime import date

from reports.rules.detail import Detail
from reports.rules.period import PatientPeriod

ADHERENCE = {1: "按医嘱规律用药", 2: "间断用药", 3: "不用药", 4: "医嘱勿需用药"}
STABILITY = {1: "不稳定", 2: "基本稳定", 3: "稳定"}
LISTED_ATTEMPTS = 3


def always(words: str) -> Callable[[PatientPeriod, Detail], str]:
    """The same for everyone: the figure itself knows nothing more of a person."""
    return lambda person, detail: words


def short(day: date) -> str:
    return f"{day:%m-%d}"


def _day(day: date, year: int) -> str:
    """The year is named only where it is another one."""
    return short(day) if day.year == year else f"{day:%Y-%m-%d}"


def no_record(person: PatientPeriod, detail: Detail) -> str:
    year = person.as_of.year
    if detail.attempts:
        days = "、".join(short(day) for day in detail.attempts[:LISTED_ATTEMPTS])
        return f"{year} 年 {days} 共 {len(detail.attempts)} 次未访到，不算完整记录"
    if person.prev_on:
        return f"{year} 年没有随访记录；上次是 {person.prev_on:%Y-%m-%d}"
    return f"{year} 年没有随访记录；{person.opened_on:%Y-%m-%d} 建档后还没有随访过"


def long_gap(person: PatientPeriod, detail: Detail) -> str:
    if not detail.gap_from or not detail.gap_to:
        return f"相邻两次随访最多隔 {person.max_gap} 个月"
    by_months = (detail.gap_to - detail.gap_from).days <= 92
    return f"两次随访间隔 {person.max_gap} 个月：{short(detail.gap_from)} → {short(detail.gap_to)}" + (
        "（按月份算，不按天数）" if by_months else ""
    )


def stale(person: PatientPeriod, detail: Detail) -> str:
    return f"最近一次随访是 {_last(person)}，到截止日已隔 {person.months_since_last} 个月"


def late_first(person: PatientPeriod, detail: Detail) -> str:
    before, what = (person.prev_on, "上一次随访") if person.prev_on else (person.opened_on, "建档")
    first = short(person.first_on) if person.first_on else ""
    return f"第一次随访 {first} 与{what} {before:%Y-%m-%d} 相隔 {person.months_before_first} 个月"


def not_face_to_face(person: PatientPeriod, detail: Detail) -> str:
    return f"{person.complete_n} 次随访都没有当面见到本人（电话，或只见到家属）"


def last_not_medicated(person: PatientPeriod, detail: Detail) -> str:
    said = ADHERENCE.get(person.last_adherence or 0, "没有填用药依从性")
    return f"最近一次随访 {_last(person)}：{said}"


never_taken = always("记录里没有规律用药：是医嘱勿需用药，或没有填用药依从性")


def not_taken(person: PatientPeriod, detail: Detail) -> str:
    if not detail.not_taken_on:
        return "有间断用药或不用药的记录"
    return f"{short(detail.not_taken_on)} 的随访为{ADHERENCE[detail.not_taken or 2]}"


def not_stable(person: PatientPeriod, detail: Detail) -> str:
    said = STABILITY.get(person.last_class or 0, "没有填分类")
    return f"最近一次随访 {_last(person)} 的分类：{said}"


def quarters_without_level(person: PatientPeriod, detail: Detail) -> str:
    missed = "、".join(str(quarter) for quarter in person.quarters_due if not person.level_quarters[quarter - 1])
    return f"第 {missed} 季度没有危险性评估"


no_incident = always("没有肇事肇祸记录")


def other_level(person: PatientPeriod, detail: Detail) -> str:
    return at_level(person, detail)


def opened(person: PatientPeriod, detail: Detail) -> str:
    return f"{person.opened_on:%Y-%m-%d} 建档，截止日在册"


def visited(person: PatientPeriod, detail: Detail) -> str:
    return f"{person.complete_n} 次完整随访，最近一次 {_last(person)}"


def well_spaced(person: PatientPeriod, detail: Detail) -> str:
    if person.complete_n == 1:
        return f"一次完整随访（{_last(person)}）；只有一次也算"
    return f"{person.complete_n} 次完整随访，相邻两次最多隔 {person.max_gap} 个月"


def met_in_person(person: PatientPeriod, detail: Detail) -> str:
    return f"当面见到本人 {person.face_n} 次"


def takes_medicine(person: PatientPeriod, detail: Detail) -> str:
    if person.last_hospital:
        return f"最近一次随访 {_last(person)}：目前正在住院"
    return f"最近一次随访 {_last(person)}：{ADHERENCE.get(person.last_adherence or 0, '')}"


def always_regular(person: PatientPeriod, detail: Detail) -> str:
    return f"{person.complete_n} 次完整随访都没有间断用药或不用药"


def stable_now(person: PatientPeriod, detail: Detail) -> str:
    return f"最近一次随访 {_last(person)} 的分类：稳定"


def level_every_quarter(person: PatientPeriod, detail: Detail) -> str:
    if not person.quarters_due:
        return f"{person.opened_on:%Y-%m-%d} 建档，还没有应评估的完整季度"
    return "第 " + "、".join(str(quarter) for quarter in person.quarters_due) + " 季度都有危险性评估"


had_incident = always("有肇事或肇祸记录")


def at_level(person: PatientPeriod, detail: Detail) -> str:
    if person.last_level is None:
        return "最近一次记录没有危险性等级"
    return f"最近一次评估（{_last(person)}）为 {person.last_level} 级"


def no_free_medicine(person: PatientPeriod, detail: Detail) -> str:
    return f"{person.as_of.year} 年没有免费发放第二代抗精神病药的记录"


got_free_medicine = always("年内免费领过第二代抗精神病药")


def not_examined(person: PatientPeriod, detail: Detail) -> str:
    return f"{person.as_of.year} 年没有健康体检的记录"


examined = always("年内做过健康体检")


def not_injected(person: PatientPeriod, detail: Detail) -> str:
    """Why the person is asked about at all stands first: an injection is offered, never owed."""
    grounds = [
        f"最近一次随访为{ADHERENCE[person.last_adherence]}" if person.last_adherence in (2, 3) else "",
        "弱监护或无监护" if person.weak_guardian else "",
        "年内评估过 3 级及以上" if person.high_n else "",
    ]
    return "、".join(ground for ground in grounds if ground) + "；没有长效针剂的注射记录"


injected = always("有长效针剂的注射记录")


def no_plan(person: PatientPeriod, detail: Detail) -> str:
    return f"{at_level(person, detail)}，截止日没有个人方案"


has_plan = always("截止日有在执行的个人方案")
high_unanswered = always("评估为 3 级及以上之后 14 天内没有完整随访，也没有住院")


def high_answered(person: PatientPeriod, detail: Detail) -> str:
    return f"{person.high_n} 次评估为 3 级及以上，之后 14 天内都有随访或住院"


not_treated = always("事发后 30 天内没有入院或强制医疗的记录")
treated = always("事发时在院，或 30 天内入院、被强制医疗")
no_away_file = always("外出一个月以上，流入地还没有答复建立临时档案；去向在县外的，本系统收不到答复")
has_away_file = always("已告知流入地，流入地已建立临时档案")
loss_not_told = always("有失访或拒访，登记表还没有送达政法委（综治中心）和公安")
loss_told = always("登记表已送达政法委（综治中心）和公安")


def _last(person: PatientPeriod) -> str:
    return _day(person.last_on, person.as_of.year) if person.last_on else "—"
