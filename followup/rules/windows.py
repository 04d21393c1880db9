"""Due windows (随访窗口): from the act that set a due date to the act that ended it, and what became of it.

A pure fold over dated facts, as of any day: a late entry, a correction or a status learned later decides anew, and
nothing here depends on when a fact became known. Windows of one person follow each other without gap or overlap while
the file is open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from followup.rules.classification import FIRST_VISIT_DAYS
from followup.rules.dates import day_after
from followup.rules.standing import Dated, value_on
from followup.terms import Excuse, Opener, Outcome
from registry.terms import ENDING, CareStatus

# Days after the due day in which the visit can be made up (未访到, 两周内再次随访). Source: 管理治疗工作规范2018 失访.
MAKE_UP_DAYS = 14
AFTER_DISCHARGE_DAYS = 14  # 转诊、出院后两周内随访
EXCUSING = {
    CareStatus.ADMITTED: Excuse.ADMITTED, CareStatus.AWAY: Excuse.AWAY, CareStatus.DETAINED: Excuse.DETAINED,
    CareStatus.REFUSED: Excuse.REFUSED, CareStatus.LOST: Excuse.LOST, CareStatus.DEAD: Excuse.DEAD,
    CareStatus.MOVED_OUT: Excuse.MOVED_OUT, CareStatus.EXCLUDED: Excuse.EXCLUDED,
}  # fmt: skip
_WORDS = {
    Opener.REGISTERED: "建档后两周内首次随访",
    Opener.DISCHARGED: "出院后两周内随访",
    Opener.MOVED: "转入后两周内首次随访",
    Opener.RETURNED: "恢复在管后两周内随访",
    Opener.REOPENED: "恢复档案后两周内随访",
}


class Act(NamedTuple):
    """A complete record: it ends the running window and, by its own next date, opens the next."""

    on: date
    due_on: date
    due_reason: str = ""
    root: int | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A person took somebody off the list, with a coded reason, until a day."""

    on: date
    excuse: str
    again_on: date


@dataclass(frozen=True, slots=True)
class Story:
    """One person's dated facts, each list oldest first; two records of one day in the order of their entry."""

    opened_on: date
    statuses: Dated = ()
    stays: Sequence[tuple[date, date | None]] = ()  # in hospital: admitted, discharged (None: still there)
    moves: Sequence[date] = ()  # days on which another township took the patient over
    acts: Sequence[Act] = ()
    given: Sequence[Given] = ()


class Window(NamedTuple):
    """Holds from `opened_on` until the day before `closed_on`; `outcome` empty: still open."""

    opened_on: date
    opener: Opener
    due_on: date
    due_reason: str
    opener_root: int | None = None
    outcome: str = ""
    excuse: str = ""
    closed_on: date | None = None
    closed_root: int | None = None


def windows(story: Story, today: date, *, since: date | None = None, until: date | None = None) -> tuple[Window, ...]:
    """Every window of one person as of `today`, oldest first; a later fact is not looked at.

    done: a record on or before the due day. late: a record 1–14 days after it. missed: none until then, and from the
    day after the due day as long as none is made. excused: on the due day the person was in hospital, away, detained,
    refusing or lost; or the file ended, the township changed, the discharge set an earlier date, or a person gave the
    reason, before it mattered. Source: 规范第三版 分类干预; 管理治疗工作规范2018 失访; design decisions C23, C27.
    Units: whole days. The state of the register decides on the due day itself, inclusive.

    `since`, `until`: days of records. A record ends whatever ran and says alone what comes after, so that the windows
    opened from one record (inclusive) until another (exclusive) need no record outside of the two.
    """
    found: list[Window] = []
    running: Window | None = None
    acts = {act.on: act for act in story.acts}  # of two records of a day the later entry
    for day in _days(story, since or date.min, min(until or today, today)):
        ended = _status(story, day) in ENDING
        opening = None if ended else _opening(story, day, running, acts.get(day))
        if running is not None and (ended or opening is not None):
            found.append(_closed(story, running, day, opening))
            running = None
        running = opening or running
    if running is not None and until is None:
        found.append(_as_of(story, running, today))
    return tuple(found)


def _days(story: Story, since: date, until: date) -> list[date]:
    """Every day on which something happened."""
    days = {story.opened_on, *story.moves}
    days.update([act.on for act in story.acts])
    days.update([starts_on for starts_on, _value in story.statuses])
    if story.given:
        days.update([given.on for given in story.given])
    if story.stays:
        days.update([day for stay in story.stays for day in stay if day is not None])
    return sorted([day for day in days if since <= day <= until])


def _status(story: Story, day: date) -> str | None:
    """What held on the day. A stay in hospital told afterwards counts although no status was written for it."""
    found: str | None = value_on(story.statuses, day)
    if found not in ENDING and any(begun <= day and (end is None or day < end) for begun, end in story.stays):
        return CareStatus.ADMITTED
    return found


def _opening(story: Story, day: date, running: Window | None, act: Act | None) -> Window | None:
    """The window that begins on this day, if one does. A record of the day counts before everything else."""
    if act is not None:
        return Window(day, Opener.RECORD, act.due_on, act.due_reason, act.root)
    opener = _turn(story, day, running)
    if opener is None:
        return _postponed(story, day, running)
    days = AFTER_DISCHARGE_DAYS if opener is Opener.DISCHARGED else FIRST_VISIT_DAYS
    due, reason = day_after(day, days), _WORDS[opener]
    if running is not None and day <= running.due_on < due:  # what was promised earlier stays
        due, reason = running.due_on, running.due_reason
    return Window(day, opener, due, reason)


def _turn(story: Story, day: date, running: Window | None) -> Opener | None:
    """What happened to the person on this day that asks for a visit within two weeks."""
    before, now = _status(story, day_after(day, -1)), _status(story, day)
    if day == story.opened_on:
        return Opener.REGISTERED if running is None else None
    if before in ENDING:
        return Opener.REOPENED
    if day in story.moves:
        return Opener.MOVED
    overdue = running is not None and running.due_on < day
    excused = running is not None and overdue and _status(story, running.due_on) in EXCUSING
    if before == CareStatus.ADMITTED != now and (excused or not overdue):  # what was overdue before the stay stays so
        return Opener.DISCHARGED
    if excused and before in EXCUSING and now not in EXCUSING:
        return Opener.RETURNED
    return None


def _postponed(story: Story, day: date, running: Window | None) -> Window | None:
    given = next((given for given in story.given if given.on == day), None)
    if given is None or running is None:
        return None
    return Window(day, Opener.POSTPONED, given.again_on, "移出名单后再联系")


def _closed(story: Story, window: Window, day: date, opening: Window | None) -> Window:
    """The outcome of a window that a record, a turn or the end of the file closes on `day`."""
    by_record = opening is not None and opening.opener is Opener.RECORD
    root = opening.opener_root if opening and by_record else None
    excuse = "" if by_record and day <= window.due_on else _excuse(story, window, day, opening)
    if by_record and day <= window.due_on:
        outcome = Outcome.DONE
    elif excuse:
        outcome = Outcome.EXCUSED
    elif by_record and day <= day_after(window.due_on, MAKE_UP_DAYS):
        outcome = Outcome.LATE
    else:
        outcome = Outcome.MISSED
    return Window(
        window.opened_on,
        window.opener,
        window.due_on,
        window.due_reason,
        window.opener_root,
        outcome,
        excuse,
        day,
        root,
    )


def _excuse(story: Story, window: Window, day: date, opening: Window | None) -> str:
    """Why the window asked for nothing, or empty."""
    if opening is not None and opening.opener is Opener.POSTPONED:
        return next(given.excuse for given in story.given if given.on == day)
    if window.due_on < day:
        return EXCUSING.get(CareStatus(_status(story, window.due_on) or CareStatus.MANAGED), "")
    if opening is None:
        return EXCUSING[CareStatus(_status(story, day) or CareStatus.MANAGED)]
    return Excuse.ADMITTED if opening.opener is Opener.DISCHARGED else Excuse.HANDED_ON


def _as_of(story: Story, window: Window, today: date) -> Window:
    """A window that nothing has closed yet: open until the end of its due day."""
    if today <= window.due_on:
        return window
    excuse = EXCUSING.get(CareStatus(_status(story, window.due_on) or CareStatus.MANAGED), "")
    return window._replace(outcome=Outcome.EXCUSED if excuse else Outcome.MISSED, excuse=excuse)


def days_late(window: Window) -> int:
    """Days between the due day and the record that made it up. Units: whole days; 0 where none did."""
    if window.closed_root is None or window.closed_on is None:
        return 0
    return max((window.closed_on - window.due_on) // timedelta(days=1), 0)
