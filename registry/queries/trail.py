"""Who has looked at a patient, in words (个人信息保护法: a person may ask)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.queries.access import who_saw
from accounts.terms import Purpose, Role

GROUP_WORDS = {
    "F1": "基本信息", "F2": "证件、电话、住址", "F3": "监护人", "F4": "管理状态", "F5": "危险性", "F6": "病情",
    "F7": "用药", "F8": "事件", "F9": "补助", "F10": "康复", "F11": "残疾证", "F12": "救助", "F13": "知情同意",
    "F14": "查看记录",
}  # fmt: skip


@dataclass(frozen=True)
class Look:
    at: datetime
    who: str
    role: str
    agency: str
    saw: str
    purpose: str


def looks_at(person: UUID, limit: int = 200) -> list[Look]:
    """Newest first; the caller has passed the door."""
    roles, purposes = dict(Role.choices), dict(Purpose.choices)
    return [
        Look(
            at=one.at,
            who=one.actor_name or "系统",
            role=str(roles.get(one.role, "")),
            agency=one.agency,
            saw="、".join(GROUP_WORDS[g] for g in sorted(one.groups, key=lambda g: int(g[1:])) if g in GROUP_WORDS),
            purpose=str(purposes.get(one.purpose, "")),
        )
        for one in who_saw(person, limit)
    ]
