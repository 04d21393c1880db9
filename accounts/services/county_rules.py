"""County policy rows and working-calendar rows: what the county office may set, each change audited."""

from datetime import date

from django.db import transaction

from accounts import audit
from accounts.doors import authorise, where
from accounts.models import CalendarDay, CountyPolicy, Division, User
from accounts.refusals import NotHere, Refused
from accounts.rules.policy_keys import POLICY_KEYS
from accounts.services.races import refusing
from accounts.terms import Permission

MIN_YEAR, MAX_YEAR = 2010, 2100


@transaction.atomic
def set_policy(*, county: Division, key: str, value: int | bool, starts_on: date, basis: str, by: User) -> CountyPolicy:
    """A new value from a day on; what held before stays true for the days before. Raises: Denied, NotHere, Refused."""
    authorise(by, Permission.EDIT_POLICY)
    if county.pk not in where(by, Permission.EDIT_POLICY).counties:
        raise NotHere
    if key not in POLICY_KEYS:
        raise Refused("没有这个项目。", field="key")
    if not basis:
        raise Refused("请写明依据，例如文号。", field="basis")
    taken = Refused("这一天已经有一个值了。请换一个生效日期。", field="starts_on")
    with refusing("policy_one_per_start", taken):
        row = CountyPolicy.objects.create(
            county=county, key=key, value=value, starts_on=starts_on, basis=basis, set_by=by
        )
    told = {"county": county.code, "key": key, "value": value, "starts_on": starts_on.isoformat()}
    audit.record("accounts.policy.set", None, by=by, because=basis, facts=told)
    return row


@transaction.atomic
def set_calendar_day(*, day: date, is_working: bool, note: str, by: User) -> CalendarDay:
    """Say whether offices work on a day; replaces what was said before. Raises: Denied, Refused."""
    authorise(by, Permission.EDIT_CALENDAR)
    if not MIN_YEAR <= day.year <= MAX_YEAR:
        raise Refused(f"年份要在 {MIN_YEAR} 到 {MAX_YEAR} 之间。", field="day")
    if not note:
        raise Refused("请写明说明，例如“国庆节调休”。", field="note")
    row, _ = CalendarDay.objects.update_or_create(
        day=day, defaults={"is_working": is_working, "note": note, "set_by": by}
    )
    audit.record("accounts.calendar.set", None, by=by, because=note, facts={"day": str(day), "works": is_working})
    return row


@transaction.atomic
def forget_calendar_day(*, day: date, by: User) -> None:
    """Back to the notice or the rule. Raises: Denied, NotHere."""
    authorise(by, Permission.EDIT_CALENDAR)
    if not CalendarDay.objects.filter(day=day).delete()[0]:
        raise NotHere
    audit.record("accounts.calendar.forgotten", None, by=by, facts={"day": str(day)})
