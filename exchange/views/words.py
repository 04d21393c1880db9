"""Words and facts for the pages, so that templates decide nothing."""

from dataclasses import dataclass

from exchange.terms import ContentField, EntryKind

F = ContentField


@dataclass(frozen=True)
class Fact:
    """One line of what was disclosed; `phone` becomes a link that dials."""

    label: str
    text: str
    soft: str = ""
    phone: str = ""


def disclosed_facts(content: dict[str, str], kind: str = "") -> list[Fact]:
    """The disclosed fields as the lines of the card; nothing is added, an empty field has no line."""
    about = "，".join(part for part in (content.get(F.SEX), content.get(F.AGE)) if part)
    lines = [
        Fact("姓名", content.get(F.NAME, ""), soft=f"（{about}）" if about else ""),
        Fact("住址", content.get(F.ADDRESS, "")),
        Fact("原因", reason(content, kind)),
        Fact("监护人", content.get(F.GUARDIAN_NAME, ""), phone=content.get(F.GUARDIAN_PHONE, "")),
        Fact("责任医生", content.get(F.WORKER, ""), phone=content.get(F.WORKER_PHONE, "")),
        Fact("建议", content.get(F.ADVICE, "")),
    ]
    return [line for line in lines if line.text or line.phone]


def reason(content: dict[str, str], kind: str = "") -> str:
    """10-06 评估由 2 级升为 4 级; the year stands on the card's number. An incident says no more than its level."""
    day, level, before = content.get(F.DATE, "")[5:], content.get(F.LEVEL, ""), content.get(F.PREVIOUS_LEVEL, "")
    if not level:
        return ""
    if kind == EntryKind.INCIDENT:
        return f"{day} 有一起危险行为事件已经核实，危险性 {level}"
    absent = {EntryKind.LEFT: "已外出；", EntryKind.LOST: "暂时联系不上；"}.get(EntryKind(kind)) if kind else None
    if absent:
        return f"{absent}{day} 评估为 {level}"
    if before and before < level:
        return f"{day} 评估由 {before}升为 {level}"
    if before and before > level:
        return f"{day} 评估由 {before}降为 {level}"
    return f"{day} 评估为 {level}"
