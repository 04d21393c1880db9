"""Accounts and assignments: who is let in, as what, where, from when to when. Every act names its administrator."""

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import Agency, Assignment, Division, OneTimeCode, TotpDevice, User
from accounts.queries.administered import areas_administered, lies_in
from accounts.refusals import Denied, NotHere, Refused
from accounts.services.codes import code_digest, new_code
from accounts.services.races import refusing
from accounts.services.sessions import end_sessions_of
from accounts.services.tokens import end_tokens_of
from accounts.terms import ROLES, SEPARATED_DUTIES, AgencyKind, DivisionLevel, Permission, Role


@dataclass(frozen=True)
class AssignmentFacts:
    """任职: both days count."""

    role: Role
    agency: Agency
    division: Division
    starts_on: date
    ends_on: date | None = None


def clean_username(typed: str) -> str:
    """One spelling per name: half-width, small letters, no spaces around."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


@transaction.atomic
def create_account(
    *, username: str, display_name: str, agency: Agency, first: AssignmentFacts, by: User
) -> tuple[User, str]:
    """A new account with its first assignment; the one-time code is returned once. Raises: Denied, Refused."""
    authorise(by, Permission.MANAGE_ACCOUNTS)
    _must_lie_in(by, Permission.MANAGE_ACCOUNTS, agency.division)
    name = clean_username(username)
    if User.objects.filter(username=name).exists():
        raise _name_taken()
    with refusing("accounts_user_username_key", _name_taken()):
        user = User.objects.create_user(name, None, display_name=display_name, agency=agency)
    audit.record("accounts.account.created", user, by=by, facts={"agency": str(agency.uuid)})
    _assign(user=user, facts=first, by=by)
    return user, _issue_code(user, by)


@transaction.atomic
def create_first_administrator(*, username: str, display_name: str, county: Division, today: date) -> str:
    """A county's first security administrator, from the command line; answers the one-time code.

    Raises: Refused when the county has one: from then on accounts are made on the pages, by a person with a name.
    """
    if county.level != DivisionLevel.COUNTY:
        raise Refused("区划代码应是一个县（市、区）。", field="area")
    if Assignment.objects.live(today).filter(role=Role.SECURITY_ADMIN, division=county, user__is_active=True).exists():
        raise Refused("这个县已有在期的安全管理员。请由他在网页上办理。")
    name = clean_username(username)
    if User.objects.filter(username=name).exists():
        raise _name_taken()
    agency, _ = Agency.objects.get_or_create(
        kind=AgencyKind.HEALTH_COMMISSION, division=county, defaults={"name": f"{county.name}卫生健康委员会"}
    )
    user = User.objects.create_user(name, None, display_name=display_name, agency=agency)
    Assignment.objects.create(user=user, role=Role.SECURITY_ADMIN, agency=agency, division=county, starts_on=today)
    audit.record("accounts.account.created", user, by=None, facts={"role": Role.SECURITY_ADMIN, "area": county.code})
    return _issue_code(user, None)


@transaction.atomic
def add_assignment(*, user: User, facts: AssignmentFacts, by: User) -> Assignment:
    """Give a role. Raises: Denied, Refused (own account, place, level, end date, separated duties)."""
    authorise(by, Permission.GRANT_ROLE)
    _must_lie_in(by, Permission.GRANT_ROLE, user.agency.division)
    return _assign(user=user, facts=facts, by=by)


@transaction.atomic
def end_assignment(*, assignment: Assignment, on: date, by: User, today: date) -> Assignment:
    """Set the last day. Yesterday or earlier stops it at once, from the next request on. Never a later day than before:
    a longer assignment is a new grant, with all its checks. Raises: Denied, Refused.
    """
    authorise(by, Permission.GRANT_ROLE)
    _must_lie_in(by, Permission.GRANT_ROLE, assignment.user.agency.division)
    row = Assignment.objects.select_for_update().get(pk=assignment.pk)
    if row.ends_on is not None and row.ends_on < today:
        raise Refused("这项任职已经结束。", field="ends_on")
    if row.ends_on is not None and on > row.ends_on:
        raise Refused(f"现在的最后一天是 {row.ends_on}，这里只能提前。要延长，请新登记一项任职。", field="ends_on")
    if on < today - timedelta(days=1):
        raise Refused("最后一天不能早于昨天；要立即停用，请填昨天。", field="ends_on")
    if row.starts_on > on:  # not one whole day: the table cannot say that, the trail can
        row.delete()
    else:
        row.ends_on = on
        row.save(update_fields=["ends_on"])
    facts = {"role": row.role, "division": row.division.code, "ends_on": on.isoformat()}
    audit.record("accounts.assignment.ended", assignment.user, by=by, facts=facts)
    return row


@transaction.atomic
def disable_account(*, user: User, because: str, by: User) -> None:
    """Shut an account; its sessions end at once. Raises: Denied, Refused."""
    _set_active(user, active=False, because=because, by=by)
    end_sessions_of(user)


@transaction.atomic
def enable_account(*, user: User, because: str, by: User) -> None:
    _set_active(user, active=True, because=because, by=by)


@transaction.atomic
def reset_login(*, user: User, forget_phone: bool, by: User) -> str:
    """Old password, sessions and API tokens end; a one-time code (24 h, once) lets the person set a new one.

    The administrator sees the code, never the password. `forget_phone`: the authenticator is enrolled anew as well.
    Raises: Denied, Refused.
    """
    authorise(by, Permission.MANAGE_ACCOUNTS)
    _must_lie_in(by, Permission.MANAGE_ACCOUNTS, user.agency.division)
    if user.pk == by.pk:
        raise Refused("自己的登录请由另一位管理员重设；记得密码时，在“我的账号”里修改。")
    user.set_unusable_password()
    user.save(update_fields=["password"])
    if forget_phone:
        TotpDevice.objects.filter(user=user).delete()
        user.backup_codes.all().delete()
    end_sessions_of(user)
    tokens = end_tokens_of(user)
    audit.record("accounts.login.reset", user, by=by, facts={"forget_phone": forget_phone, "tokens_ended": tokens})
    return _issue_code(user, by)


def _assign(*, user: User, facts: AssignmentFacts, by: User) -> Assignment:
    authorise(by, Permission.GRANT_ROLE)
    _must_lie_in(by, Permission.GRANT_ROLE, facts.division)
    _must_lie_in(by, Permission.GRANT_ROLE, facts.agency.division)
    if user.pk == by.pk:
        raise Refused("不能给自己授予角色。请由另一位管理员办理。", field="role")
    _check_shape(facts)
    _check_separation(user, facts)
    if user.assignments.filter(role=facts.role, division=facts.division, starts_on=facts.starts_on).exists():
        raise Refused("这项任职已经登记过。", field="starts_on")
    with refusing("no_two_separated_duties", _duties_apart()):
        row = Assignment.objects.create(
            user=user, role=facts.role, agency=facts.agency, division=facts.division,
            starts_on=facts.starts_on, ends_on=facts.ends_on, granted_by=by,
        )  # fmt: skip
    told = {"role": row.role, "division": row.division.code, "starts_on": row.starts_on.isoformat()}
    told["ends_on"] = row.ends_on.isoformat() if row.ends_on else ""
    audit.record("accounts.assignment.granted", user, by=by, facts=told)
    return row


def _check_shape(facts: AssignmentFacts) -> None:
    rules = ROLES[facts.role]
    if facts.division.level not in rules.levels:
        raise Refused(f"“{facts.role.label}”不能任在{facts.division.get_level_display()}一级。", field="division")
    if rules.needs_end and facts.ends_on is None:
        raise Refused("其他部门人员的任职要写明结束日期，到期再续。", field="ends_on")
    if facts.ends_on is not None and facts.ends_on < facts.starts_on:
        raise Refused("结束日期不能早于开始日期。", field="ends_on")


def _check_separation(user: User, facts: AssignmentFacts) -> None:
    """三权分立: the database has the same wall (no_two_separated_duties). Source: GB/T 22239-2019 8.1.4.2."""
    if facts.role not in SEPARATED_DUTIES:
        return
    others = user.assignments.filter(role__in=SEPARATED_DUTIES - {facts.role})
    if facts.ends_on is not None:
        others = others.filter(starts_on__lte=facts.ends_on)
    if others.exclude(ends_on__lt=facts.starts_on).exists():
        raise _duties_apart()


def _name_taken() -> Refused:
    return Refused("这个用户名已经有人用了。请换一个。", field="username")


def _duties_apart() -> Refused:
    return Refused("系统管理员、安全管理员、安全审计员三种职责不能由同一个人担任。", field="role")


def _set_active(user: User, *, active: bool, because: str, by: User) -> None:
    authorise(by, Permission.MANAGE_ACCOUNTS)
    _must_lie_in(by, Permission.MANAGE_ACCOUNTS, user.agency.division)
    if user.pk == by.pk:
        raise Refused("不能停用或启用自己的账号。请由另一位管理员办理。")
    if not because:
        raise Refused("请写明原因。", field="because")
    user.is_active = active
    user.save(update_fields=["is_active"])
    audit.record("accounts.account.enabled" if active else "accounts.account.disabled", user, by=by, because=because)


def _issue_code(user: User, by: User | None) -> str:
    OneTimeCode.objects.filter(user=user, used_at=None).delete()  # only the newest counts
    code = new_code()
    row = OneTimeCode.objects.create(
        user=user, digest=code_digest("one-time", code), issued_by=by, expires_at=timezone.now() + OneTimeCode.HOLDS
    )
    audit.record("accounts.one_time_code.issued", row, by=by, facts={"user": str(user.uuid)})
    return code


def _must_lie_in(by: User, permission: Permission, division: Division) -> None:
    """An account of another county looks like no account. Raises: Denied, NotHere."""
    areas = areas_administered(by, permission, timezone.localdate())
    if not areas:
        raise Denied
    if not lies_in(areas, division.code):
        raise NotHere
