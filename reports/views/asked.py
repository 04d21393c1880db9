"""What a page of figures is asked for: which area, which day, and whether a meeting is looking on."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Division, User
from accounts.queries.policy import policies
from accounts.refusals import Refused
from accounts.rules.policy_keys import POLICY_DEFAULTS
from accounts.rules.text import TextRefused, parse_date
from accounts.terms import DivisionLevel, Permission
from reports.doors import areas_of, is_veiled, open_area
from reports.rules.cut import FIRST_DAY, Cut
from reports.rules.months import quarter_ends_back, quarter_words

MEETING = "reports_meeting"  # the session's mark: 会议展示
OFFERED_QUARTERS = 8


class BadDay(Refused):
    code = "bad_day"


@dataclass(frozen=True)
class Asked:
    area: Division
    own: Division
    cut: Cut
    meeting: bool
    veiled: bool
    below: int
    hours: int

    def query(self, **more: object) -> str:
        """The address part that keeps area and day; the defaults are left out."""
        kept: dict[str, object] = {}
        if self.area != self.own:
            kept["area"] = self.area.code
        if self.cut.as_of != self.cut.today:
            kept["as_of"] = self.cut.as_of.isoformat()
        kept |= {name: value for name, value in more.items() if value not in (None, "")}
        return f"?{urlencode(kept)}" if kept else ""

    @property
    def days(self) -> list[tuple[str, str]]:
        """Days offered to choose from: today and the quarters' ends before it."""
        ends = reversed(quarter_ends_back(self.cut.today, OFFERED_QUARTERS))
        return [("", "今天"), *((end.isoformat(), quarter_words(end) + "末") for end in ends if end != self.cut.today)]


def person(request: HttpRequest) -> User:
    """Who asks. The door has let in nobody without a login."""
    return cast(User, request.user)


def asked(request: HttpRequest, permission: Permission = Permission.VIEW_INDICATORS) -> Asked:
    """Raises: Denied, NotHere (an area elsewhere), BadDay."""
    user = person(request)
    today = timezone.localdate()
    area = open_area(user, permission, request.GET.get("area", ""))
    day = _day(request.GET.get("as_of", ""), today)
    meeting, veiled = bool(request.session.get(MEETING)), is_veiled(user)
    settings = settings_of(area, today)
    return Asked(
        area=area,
        own=areas_of(user, permission)[0],
        cut=Cut(day, today),
        meeting=meeting,
        veiled=veiled or meeting,
        below=int(settings["suppress_below"]),
        hours=int(settings["acknowledge_hours"]),
    )


def _day(text: str, today: date) -> date:
    if not text:
        return today
    try:
        day = parse_date(text, today)
    except TextRefused as refusal:
        raise BadDay(f"截止日期{refusal}") from refusal
    if day > today:
        raise BadDay("截止日期不能晚于今天。")
    if day < FIRST_DAY:
        raise BadDay("截止日期太早，请从 2000 年起选择。")
    return day


def settings_of(area: Division, today: date) -> dict[str, Any]:
    """The county's own; above a county the defaults."""
    county: Division | None = area
    while county is not None and county.level in (DivisionLevel.TOWNSHIP, DivisionLevel.VILLAGE):
        county = county.parent
    if county is None or county.level != DivisionLevel.COUNTY:
        return dict(POLICY_DEFAULTS)
    return policies(county.pk, today)
