"""单人告知: its states, when the system asks for one, how many sign, and how long an office reads it. Pure."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from accounts.rules.machine import Machine, Step
from accounts.terms import Permission
from exchange.terms import DataItem, PersonNoticeState, Situation

S, P = PersonNoticeState, Permission
PERSON_NOTICES = Machine(
    name="person_notice",
    label="单人告知",
    source="issue 4, Build 1; security 3.7: an urgent one is released by another person than proposed it, within 72 hours",
    states=tuple(S),
    starts=frozenset({S.PENDING, S.PROPOSED, S.SENT}),
    ends=frozenset({S.DECLINED, S.DROPPED, S.WITHDRAWN}),
    steps=(
        Step(S.PENDING, S.SENT, "发出", P.SEND_NOTICE, "exchange.person_notice.sent"),
        Step(S.PENDING, S.DECLINED, "不发出", P.SEND_NOTICE, "exchange.person_notice.declined", needs_reason=True),
        Step(S.PENDING, S.DROPPED, "不再需要", None, "exchange.person_notice.dropped"),
        Step(S.PROPOSED, S.SENT, "签发", P.RELEASE_NOTICE, "exchange.person_notice.sent"),
        Step(S.PROPOSED, S.DROPPED, "退回", P.RELEASE_NOTICE, "exchange.person_notice.returned", needs_reason=True),
        Step(S.SENT, S.WITHDRAWN, "收回", P.SEND_NOTICE, "exchange.person_notice.withdrawn", needs_reason=True),
        Step(S.SENT, S.ENDED, "结束", None, "exchange.person_notice.ended"),
        Step(S.ENDED, S.WITHDRAWN, "收回", P.SEND_NOTICE, "exchange.person_notice.withdrawn", needs_reason=True),
    ),
)
SIGN_HOURS = 72
ABSENT_SITUATIONS = frozenset({Situation.FLOW, Situation.LOST_REPORT})
# Of the township's own offices: they end when another township answers for the person.
LOCAL_SITUATIONS = frozenset({Situation.URGENT, Situation.SUDDEN_CHANGE, Situation.LOST_REPORT})


def signs_twice(situation: str) -> bool:
    """An urgent notice is the one that tells police of somebody below the alerts' level. Source: issue 4; security 3.7."""
    return situation == Situation.URGENT


def is_late(proposed_at: datetime, now: datetime) -> bool:
    """Source: security 3.7 (72 hours). Units: hours."""
    return now > proposed_at + timedelta(hours=SIGN_HOURS)


def ends_at(sent_at: datetime, situation: str, *, days: int, urgent_days: int) -> datetime:
    """Until when an office reads it. Units: days (county settings, 本系统)."""
    return sent_at + timedelta(days=urgent_days if signs_twice(situation) else days)


def is_over(state: str, expires_at: datetime | None, now: datetime) -> bool:
    """Sent, and its days are past: offices read it no longer, also before the clock has written so."""
    return state == S.SENT and expires_at is not None and expires_at <= now


def is_sudden(level: int | None, previous: int | None, *, from_level: int) -> bool:
    """病情突变: the level has reached the threshold and was not there before. Source: decisions B20 (sudden-change notice)."""
    return level is not None and level >= from_level and (previous is None or previous < from_level)


def in_order(content: Mapping[str, str]) -> list[tuple[DataItem, str]]:
    """The cells as on the page; sealing forgets their order."""
    return [(item, content[item.value]) for item in DataItem if item.value in content]


def as_text(situation: str, copies: Iterable[tuple[str, str, Mapping[str, str]]]) -> str:
    """What somebody saw and sends or signs, to be hashed: of each office its key, its template's and its cells."""
    told = sorted((office, template, sorted(cells.items())) for office, template, cells in copies)
    return json.dumps([situation, told], ensure_ascii=False)
