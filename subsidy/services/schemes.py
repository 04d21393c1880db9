"""A county adopts a scheme from a day on, and stops it. What it decided is kept whole and never edited."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise, where
from accounts.models import Division, User
from accounts.refusals import NotHere, Refused
from accounts.services.races import refusing
from accounts.terms import Permission
from subsidy.models import CountyScheme
from subsidy.rules.scheme_reading import SchemeRefused, read_scheme

LONGEST_TEXT = 60_000
FILE = "办法文件"


def _authorise(county: Division, by: User) -> None:
    authorise(by, Permission.EDIT_POLICY)
    if county.pk not in where(by, Permission.EDIT_POLICY).counties:
        raise NotHere


@transaction.atomic
def adopt_scheme(*, county: Division, text: str, starts_on: date, basis: str, by: User) -> CountyScheme:
    """Work by this text from a day on; an earlier row of the same scheme holds until then.

    Source: issue 6, Build 1 (schemes as data with effective dates). Units: local dates.
    Raises: Denied, NotHere, Refused (every fault of the file in one sentence each; a day that is taken).
    """
    _authorise(county, by)
    if not basis:
        raise Refused("请写明依据，例如文号。", field="basis")
    if len(text) > LONGEST_TEXT:
        raise Refused("文件太长。一份办法一个文件。", field="file")
    try:
        scheme = read_scheme(text, FILE)
    except SchemeRefused as refusal:
        raise Refused("".join(refusal.problems), field="file") from None
    if starts_on < scheme.versions[0].starts_on:
        raise Refused(f"办法里最早的规则从 {scheme.versions[0].starts_on} 起，生效日期不能更早。", field="starts_on")
    taken = Refused("这份办法在这一天已经启用。请换一个生效日期。", field="starts_on")
    row = CountyScheme(
        county=county, scheme=scheme.id, kind=scheme.kind, starts_on=starts_on, basis=basis, text=text, adopted_by=by
    )
    with refusing("countyscheme_one_a_day", taken):
        row.save(force_insert=True)
    audit.record(
        "subsidy.scheme.adopted", row, by=by, because=basis,
        facts={"county": county.code, "scheme": scheme.id, "starts_on": starts_on.isoformat()},
    )  # fmt: skip
    return row


@transaction.atomic
def stop_scheme(*, row: CountyScheme, because: str, by: User) -> CountyScheme:
    """Stop it from today on, or, before its first day, altogether. What was settled under it stays.

    Raises: Denied, NotHere, Refused.
    """
    _authorise(row.county, by)
    held = CountyScheme.objects.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if held is None:
        raise NotHere
    if held.stopped_on is not None:
        raise Refused(f"这份办法已于 {held.stopped_on} 停用。")
    if not because:
        raise Refused("请写明停用的原因。", field="because")
    held.stopped_on = max(timezone.localdate(), held.starts_on)
    held.save(update_fields=["stopped_on"])
    audit.record(
        "subsidy.scheme.stopped", held, by=by, because=because,
        facts={"scheme": held.scheme, "on": held.stopped_on.isoformat()},
    )  # fmt: skip
    return held
