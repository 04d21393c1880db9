"""Acts about teams, psychiatrist links and staff of a township."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise, where
from accounts.models import Division, User
from accounts.refusals import Denied, Refused
from accounts.services.races import one_at_a_time
from accounts.terms import Permission
from registry.models import CareGroup, GroupMember, PsychiatristLink, StaffMember, StaffYear
from registry.queries.teams import psychiatrists_in
from registry.rules.around import in_force
from registry.services.facts import today_or_before
from registry.terms import GroupKind


def _in_town(by: User, town: Division) -> None:
    """The right, and the township inside its reach. Raises: Denied."""
    authorise(by, Permission.MANAGE_TEAMS)
    reach = where(by, Permission.MANAGE_TEAMS)
    if town.pk not in reach.townships and town.parent_id not in reach.counties:
        raise Denied


def _township_of(place: Division) -> Division:
    above = place.parent
    return above if above is not None and place.township_id == above.pk else place


@transaction.atomic
def add_member(
    *, division: Division, kind: str, on: date, name: str, agency_kind: str, by: User, post: str = "",
    phone: str | None = None, leads: bool = False,
) -> GroupMember:  # fmt: skip
    """A member from `on` on; the first one sets the group up. Source: 邹城 二(三)–(五). Raises: Denied, Refused."""
    _in_town(by, _township_of(division))
    today_or_before(on)
    level = GroupKind.VILLAGE if _township_of(division) != division else None
    if (kind == GroupKind.VILLAGE) != (level == GroupKind.VILLAGE):
        raise Refused("关爱帮扶小组设在村（社区），其他小组设在乡镇（街道）。", field="group")
    one_at_a_time(uuid5(NAMESPACE_OID, f"caregroup {kind} {division.pk}"))
    group, _made = CareGroup.objects.get_or_create(kind=kind, division=division, defaults={"starts_on": on})
    members = list(GroupMember.objects.filter(group=group))
    if any(str(row.name) == name for row in in_force(members, on)):
        raise Refused(f"{name}已经在这个小组里。可能刚刚保存过，请看小组名单。", field="name")
    if leads:
        _one_leader(members, on)
    row = GroupMember.objects.create(
        group=group, starts_on=on, name=name, agency_kind=agency_kind, post=post, phone=phone, leads=leads
    )
    audit.record("registry.team.member_added", row, by=by, facts={"group": str(group.uuid), "on": on.isoformat()})
    return row


def _one_leader(members: Sequence[GroupMember], on: date) -> None:
    """From `on` on nobody else leads. Source: 本系统. Raises: Refused."""
    for day in (on, timezone.localdate()):
        leader = next((str(row.name) for row in in_force(members, day) if row.leads), None)
        if leader:
            raise Refused(
                f"这个小组的组长是{leader}。换组长的，请先登记{leader}不再担任；只作组员的，不要勾选“担任组长”。",
                field="leads",
            )


@transaction.atomic
def end_member(*, slot: UUID, on: date, by: User) -> GroupMember:
    """Close one member's thread from `on` on. Raises: Denied, Refused."""
    one_at_a_time(slot)
    rows = GroupMember.objects.filter(slot=slot).select_related("group__division__parent").order_by("-starts_on")
    present = rows.first()
    if present is None or present.ended:
        raise Refused("这个人已经不在小组里。请刷新页面。", field="slot")
    _in_town(by, _township_of(present.group.division))
    _after(on, present.starts_on)
    row = GroupMember.objects.create(
        group=present.group, slot=slot, starts_on=on, ended=True, name=present.name, agency_kind=present.agency_kind
    )
    audit.record("registry.team.member_ended", row, by=by, facts={"on": on.isoformat()})
    return row


def _after(on: date, begun: date) -> None:
    today_or_before(on)
    if on <= begun:
        raise Refused(f"结束日期要晚于开始日期 {begun}，最早是第二天。", field="on")


@transaction.atomic
def link_psychiatrist(*, division: Division, psychiatrist: User | None, on: date, by: User) -> PsychiatristLink:
    """One psychiatrist for a village or township from `on` on; nobody ends the link.

    Source: 邹城 二(四) (一对一). Raises: Denied, Refused.
    """
    town = _township_of(division)
    _in_town(by, town)
    today_or_before(on)
    if psychiatrist is not None and psychiatrist not in psychiatrists_in(town.parent_id or 0, timezone.localdate()):
        raise Refused("请选择本县（市、区）在岗的精神科医师。", field="psychiatrist")
    row, _made = PsychiatristLink.objects.update_or_create(
        division=division, starts_on=on, defaults={"psychiatrist": psychiatrist}
    )
    who = str(psychiatrist.uuid) if psychiatrist else ""
    audit.record(
        "registry.team.psychiatrist_linked", row, by=by,
        facts={"division": division.code, "psychiatrist": who, "on": on.isoformat()},
    )  # fmt: skip
    return row


@transaction.atomic
def place_staff(
    *, township: Division, on: date, name: str, share: int, by: User, post: str = "", phone: str | None = None,
    slot: UUID | None = None,
) -> StaffMember:  # fmt: skip
    """A 精防 post from `on` on, or (with `slot`) another share of a known one. Units: per cent. Raises: Denied, Refused."""
    _in_town(by, township)
    today_or_before(on)
    if not 1 <= share <= 100:
        raise Refused("折合全职填 1 到 100，专职填 100。", field="share")
    slot_or_new = slot or uuid4()
    one_at_a_time(slot or uuid5(NAMESPACE_OID, f"staff {township.pk}"))
    if slot is None and any(
        str(row.name) == name for row in in_force(StaffMember.objects.filter(township=township), on)
    ):
        raise Refused(f"{name}已经登记。要调整折合比例，请在“人员”里选这个人。", field="name")
    if slot is not None and not StaffMember.objects.filter(slot=slot, township=township).exists():
        raise Refused("没有这名人员。请刷新页面。", field="slot")
    row = StaffMember.objects.filter(slot=slot, starts_on=on).first() if slot else None
    row = row or StaffMember(slot=slot_or_new, township=township, starts_on=on)
    row.name, row.share, row.post, row.phone, row.ended = name, share, post, phone, False
    row.save()
    audit.record(
        "registry.staff.placed", row, by=by,
        facts={"township": township.code, "share": share, "on": on.isoformat()},
    )  # fmt: skip
    return row


@transaction.atomic
def end_staff(*, township: Division, slot: UUID, on: date, by: User) -> StaffMember:
    """离岗 from `on` on. Raises: Denied, Refused."""
    _in_town(by, township)
    one_at_a_time(slot)
    present = StaffMember.objects.filter(slot=slot, township=township).order_by("-starts_on").first()
    if present is None or present.ended:
        raise Refused("这名人员已经离岗。请刷新页面。", field="slot")
    _after(on, present.starts_on)
    row = StaffMember.objects.create(
        slot=slot, township=township, starts_on=on, ended=True, name=present.name, share=present.share
    )
    audit.record("registry.staff.ended", row, by=by, facts={"township": township.code, "on": on.isoformat()})
    return row


@transaction.atomic
def record_staff_year(
    *, township: Division, slot: UUID, year: int, hours: Decimal, by: User, result: str = ""
) -> StaffYear:
    """Training hours and assessment of one year. Units: hours. Raises: Denied, Refused."""
    _in_town(by, township)
    if year > timezone.localdate().year:
        raise Refused("这一年还没有开始。请核对年份。", field="year")
    if not StaffMember.objects.filter(slot=slot, township=township).exists():
        raise Refused("没有这名人员。请刷新页面。", field="slot")
    row, _made = StaffYear.objects.update_or_create(
        slot=slot, year=year, defaults={"township": township, "hours": hours, "result": result}
    )
    audit.record("registry.staff.year", None, by=by, facts={"township": township.code, "year": year})
    return row
