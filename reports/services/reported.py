"""What departments report: entered by one person, counted once another one of the commission has confirmed it."""

from datetime import date
from decimal import Decimal
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import Division, User
from accounts.refusals import Denied, Refused
from accounts.rules.text import TextRefused
from accounts.services.races import refusing
from accounts.terms import AgencyKind, Permission
from registry.rules.scans import LARGEST_BYTES, form_of
from registry.services.scans import Upload
from reports.doors import areas_of, covers
from reports.models import EvidenceFile, ReportedValue
from reports.queries.packs import pack
from reports.rules.cut import FIRST_DAY
from reports.rules.months import year_start
from reports.rules.pack import Row
from reports.terms import Kind, ReportedState, Unit

ANY_ROW = frozenset({AgencyKind.HEALTH_COMMISSION, AgencyKind.PREVENTION_OFFICE})


class ValueRefused(Refused):
    code = "value_refused"


class NotWaiting(Refused):
    code = "not_waiting"
    message = "这条填报已经处理过了。请刷新页面看最新的状态。"


class SameMoment(Refused):
    status = 409
    code = "same_moment"
    message = "刚才有同事填报了同一项。请刷新页面，看过他的数字再决定要不要替换。"


class SamePerson(Refused):
    code = "same_person"
    message = "填报和确认要由两个人办理。请由卫生健康委的另一位同事确认。"


def may_enter(user: User, row: Row) -> bool:
    """A department enters its own rows; the health side may enter any, since many departments have no account yet."""
    return row.kind is Kind.REPORTED and (user.agency.kind in ANY_ROW or user.agency.kind in row.reporters)


@transaction.atomic
def enter_value(
    *,
    pack_id: str,
    key: str,
    area: Division,
    period_to: date,
    numerator: Decimal,
    denominator: Decimal | None,
    evidence: str,
    by: User,
    file: Upload | None = None,
) -> ReportedValue:
    """Enter one row's value from 1 January to `period_to`. A value of the same period still waiting is replaced.

    It rests on a note or on a file (one PDF, JPEG or PNG, told by its content). Units: bytes, see registry.rules.scans.
    Raises: Denied (not this department's row or area), ValueRefused with the field.
    """
    authorise(by, Permission.REPORT_VALUE)
    found_pack = pack(pack_id)
    row = found_pack.row(key)
    if row is None or not may_enter(by, row) or not covers(areas_of(by, Permission.REPORT_VALUE), area):
        raise Denied
    if period_to.year < found_pack.base_year:
        raise ValueRefused(f"数据截至日期早于计划的基期（{found_pack.base_year} 年）。请核对日期。", field="period_to")
    _check(row, period_to, numerator, denominator)
    content = file.read(LARGEST_BYTES + 1) if file else b""
    form = _file_form(content) if file else ""
    if not evidence.strip() and not file:
        raise ValueRefused("请写明依据（文件名称、文号或统计表），或上传依据文件。", field="evidence")
    same = (
        ReportedValue.objects.select_for_update().filter(pack=pack_id, key=key, area=area, period_to=period_to).open()
    )
    for old in same:
        _decide(old, ReportedState.REPLACED, by=None)
    with refusing("reported_one_waiting", SameMoment()):
        found = ReportedValue.objects.create(
            pack=pack_id,
            key=key,
            area=area,
            period_from=year_start(period_to),
            period_to=period_to,
            numerator=numerator,
            denominator=denominator if row.unit.is_fraction else None,
            evidence=evidence,
            agency=by.agency,
            entered_by=by,
        )
    facts = _facts(found)
    if file:
        kept = EvidenceFile.objects.create(
            value=found, form=form, size=len(content), sha256=sha256(content).hexdigest(), content=content
        )
        facts["file_sha256"] = kept.sha256
    audit.record("reports.value.entered", found, by=by, because=evidence, facts=facts)
    return found


def _file_form(content: bytes) -> str:
    try:
        return form_of(content)
    except TextRefused as refusal:
        raise ValueRefused(str(refusal), field="file") from refusal


@transaction.atomic
def confirm_value(value: ReportedValue, *, by: User) -> ReportedValue:
    """The commission stands for the value: from now on it counts. An older confirmed one of the period steps back.

    Raises: Denied, NotWaiting, SamePerson.
    """
    found = _waiting(value, by)
    if found.entered_by_id == by.pk:
        raise SamePerson
    older = ReportedValue.objects.select_for_update().filter(
        pack=found.pack, key=found.key, area=found.area, period_to=found.period_to, state=ReportedState.CONFIRMED
    )
    for old in older:
        _decide(old, ReportedState.REPLACED, by=None)
    _decide(found, ReportedState.CONFIRMED, by=by)
    audit.record("reports.value.confirmed", found, by=by, facts=_facts(found))
    return found


@transaction.atomic
def return_value(value: ReportedValue, *, because: str, by: User) -> ReportedValue:
    """Back to the department, with the reason. Raises: Denied, NotWaiting, SamePerson, ValueRefused (no reason)."""
    found = _waiting(value, by)
    if not because.strip():
        raise ValueRefused("请写明退回理由，填报人才知道改什么。", field="because")
    if found.entered_by_id == by.pk:
        raise SamePerson
    found.return_reason = because
    _decide(found, ReportedState.RETURNED, by=by)
    audit.record("reports.value.returned", found, by=by, because=because, facts=_facts(found))
    return found


def _waiting(value: ReportedValue, by: User) -> ReportedValue:
    authorise(by, Permission.CONFIRM_VALUE)
    if not covers(areas_of(by, Permission.CONFIRM_VALUE), value.area):
        raise Denied
    found = ReportedValue.objects.select_for_update().select_related("area").get(pk=value.pk)
    if found.state != ReportedState.ENTERED:
        raise NotWaiting
    return found


def _decide(value: ReportedValue, state: ReportedState, *, by: User | None) -> None:
    value.state = state
    if by is not None:
        value.decided_by, value.decided_at = by, timezone.now()
    value.save(update_fields=["state", "decided_by", "decided_at", "return_reason"])


def _check(row: Row, period_to: date, numerator: Decimal, denominator: Decimal | None) -> None:
    if period_to > timezone.localdate():
        raise ValueRefused("数据截至日期不能晚于今天。", field="period_to")
    if period_to < FIRST_DAY:
        raise ValueRefused("数据截至日期的年份太早。", field="period_to")
    if numerator < 0:
        raise ValueRefused("数量不能小于 0。", field="numerator")
    if row.unit is Unit.YES_NO and numerator not in (0, 1):
        raise ValueRefused("这一项只填 1（有）或 0（没有）。", field="numerator")
    if not row.unit.is_fraction:
        return
    if denominator is None or denominator <= 0:
        raise ValueRefused(f"请填写分母：{row.denominator}，要大于 0。", field="denominator")
    if row.unit is Unit.PERCENT and numerator > denominator:
        raise ValueRefused("分子不能大于分母。请检查两个数有没有填反。", field="numerator")


def _facts(value: ReportedValue) -> dict[str, str | None]:
    return {
        "pack": value.pack,
        "key": value.key,
        "area": value.area.code,
        "period_to": value.period_to.isoformat(),
        "numerator": str(value.numerator),
        "denominator": None if value.denominator is None else str(value.denominator),
    }
