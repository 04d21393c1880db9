"""A platform that the county reports to: its columns named by the county, the sheet of what it must still be told."""

import io
from datetime import date

from django.db import transaction
from django.utils import timezone
from openpyxl import Workbook

from accounts import audit
from accounts.doors import authorise
from accounts.models import Division, User
from accounts.refusals import NotHere, Refused
from accounts.terms import FieldGroup, Permission, Purpose
from exchange.models import Difference, InboundList, PlatformHeaders
from exchange.queries.inbound import kinds
from exchange.queries.inbound_people import our_person
from exchange.queries.platform import for_sheet, kind_on
from exchange.queries.templates import counties_of
from exchange.rules.inbound_kinds import Kind
from exchange.terms import InboundItem, InboundKind
from registry.services.importing import as_text

GROUPS = (FieldGroup.IDENTITY, FieldGroup.FULL_IDENTITY, FieldGroup.GUARDIAN, FieldGroup.RISK)
SEX = {"男": "1", "女": "2"}


@transaction.atomic
def platform_sheet(*, row: InboundList, by: User) -> tuple[bytes, int]:
    """做上报表: rows as the platform wants them, under its own names of columns; each is followed until it is equal.

    Source: issue 4, Build 7. Raises: Denied, NotHere, Refused.
    """
    authorise(by, Permission.REVIEW_DIFFERENCE)
    kind = kinds()[InboundKind(row.kind)]
    if not kind.platform:
        raise NotHere
    today = timezone.localdate()
    kind = kind_on(kind, row.county, today)
    rows = list(for_sheet(row, by).select_for_update(of=("self",)))
    if not rows:
        raise Refused("没有要上报的内容：平台缺的和不一致的都已办完。")
    content = _workbook(kind, rows, row.county, today)
    Difference.objects.filter(pk__in=[one.pk for one in rows], sheet_at=None).update(sheet_at=timezone.now())
    people = [one.patient.uuid for one in rows if one.patient]
    audit.saw(people, GROUPS, Purpose.EXCHANGE)
    audit.record("exchange.platform.sheet", row, by=by, facts={"rows": len(rows), "kind": row.kind})
    return content, len(rows)


def _workbook(kind: Kind, rows: list[Difference], county: Division, today: date) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("上报")
    columns = [item for item in kind.columns if item is not InboundItem.REMARK]
    sheet.append([kind.header(item) for item in columns])
    for one in rows:
        person = our_person(one.patient, county, today) if one.patient else None
        said = person.said if person else {}
        coded = InboundItem.SEX in kind.headers  # by data-element number: the code of GB/T 2261.1
        words = [said.get(item.value, "") for item in columns]
        if coded:
            words = [
                SEX.get(word, word) if item is InboundItem.SEX else word
                for item, word in zip(columns, words, strict=True)
            ]
        sheet.append([as_text(word) for word in words])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@transaction.atomic
def set_headers(*, county: Division, kind: Kind, starts_on: date, headers: dict[str, str], by: User) -> PlatformHeaders:
    """The platform's own names of columns from a day on; said again for the same day they are corrected.

    Source: issue 4, Build 7 (headers configurable). Raises: Denied, NotHere, Refused.
    """
    authorise(by, Permission.REVIEW_DIFFERENCE)
    if county not in counties_of(by, Permission.REVIEW_DIFFERENCE, timezone.localdate()) or not kind.platform:
        raise NotHere
    named = {item: headers[item.value] for item in kind.columns if headers.get(item.value)}
    whole = kind.with_headers(named)
    seen: dict[str, InboundItem] = {}
    for item in kind.columns:
        if (other := seen.setdefault(whole.header(item), item)) is not item:
            raise Refused(f"“{other.label}”和“{item.label}”用了同一个列名。请改成不同的。", field=item.value)
    row, _made = PlatformHeaders.objects.update_or_create(
        county=county, kind=kind.code, starts_on=starts_on,
        defaults={"headers": {item.value: said for item, said in named.items()}, "set_by": by, "set_at": timezone.now()},
    )  # fmt: skip
    audit.record("exchange.platform.headers", None, by=by, facts={"kind": kind.code, "from": starts_on.isoformat()})
    return row
