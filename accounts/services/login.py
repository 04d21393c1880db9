"""Login: password, then code. A failure is counted and returned, not raised: raising would undo the count.

Unknown, disabled, held back and wrong get one answer and one hasher call. Source: ASVS 5.0 6.3.1, 6.3.8; T33.
"""

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import BackupCode, LoginThrottle, OneTimeCode, TotpDevice, User
from accounts.services import throttle
from accounts.services.codes import code_digest

SAME_ANSWER = "用户名或密码不对，或者连续输错了几次。请核对后再试；连续输错时，请等几分钟。"
WRONG_CODE = "验证码不对。请等手机上换一个新码再输。"
WRONG_BACKUP_CODE = "备用码不对，或者已经用过。请换一个没用过的备用码。"
WRONG_ONE_TIME_CODE = "用户名或登录码不对，或者登录码已经用过、过期。请核对后再试，或请管理员重新发一个。"


@transaction.atomic
def check_password(*, username: str, password: str, address: str) -> User | None:
    """First factor. None for unknown, disabled, out of office, held back and wrong alike.

    An attempt while held back is not counted, so that nobody is shut out for good.
    """
    pair = throttle.locked_pair(username, address)
    user = User.objects.select_related("agency").filter(username=username).first()
    good = _one_hasher_call(user, password)
    if throttle.held_back(pair):
        return None
    if good and user is not None and user.is_active and _is_in_office(user):
        return user
    throttle.note_failure(pair, user, step="password")
    return None


def _one_hasher_call(user: User | None, password: str) -> bool:
    if user is None or not user.has_usable_password():
        make_password(password)  # the same work as checking one
        return False
    return user.check_password(password)


@transaction.atomic
def check_code(*, user: User, code: str, address: str, ends_login: bool = True) -> bool:
    """Second factor: six digits, each code once. A success wipes the count of failures."""
    pair = throttle.locked_pair(user.username, address)
    if throttle.held_back(pair):
        return False
    device = TotpDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
    if device is not None and device.verify_token(code):
        _note_passed(pair, user, "code", ends_login=ends_login)
        return True
    throttle.note_failure(pair, user, step="code")
    return False


@transaction.atomic
def check_backup_code(*, user: User, code: str, address: str) -> bool:
    """Second factor without the phone; the code is spent in the same transaction."""
    pair = throttle.locked_pair(user.username, address)
    if throttle.held_back(pair):
        return False
    spent = BackupCode.objects.filter(user=user, digest=code_digest("backup", code), used_at=None).update(
        used_at=timezone.now()
    )
    if spent:
        _note_passed(pair, user, "backup_code", ends_login=True)
        return True
    throttle.note_failure(pair, user, step="backup_code")
    return False


@transaction.atomic
def check_one_time_code(*, username: str, code: str, address: str) -> OneTimeCode | None:
    """First factor of a new or reset account: the row, not yet spent (setting the password spends it)."""
    pair = throttle.locked_pair(username, address)
    found = OneTimeCode.objects.select_related("user__agency").filter(
        digest=code_digest("one-time", code), user__username=username, user__is_active=True,
        used_at=None, expires_at__gt=timezone.now(),
    )  # fmt: skip
    row = found.first()
    if throttle.held_back(pair):
        return None
    if row is not None and not _is_in_office(row.user):
        row = None
    if row is None:
        user = User.objects.filter(username=username).first()
        throttle.note_failure(pair, user, step="one_time_code")
    return row


def _note_passed(pair: LoginThrottle, user: User, factor: str, *, ends_login: bool) -> None:
    throttle.note_success(pair)
    action = "accounts.login.succeeded" if ends_login else "accounts.step_up.succeeded"
    audit.record(action, user, by=user, facts={"factor": factor, "address": pair.address})


def _is_in_office(user: User) -> bool:
    return user.assignments.live(timezone.localdate()).exists()
