"""The second factor: the authenticator on the phone and the codes for the day without it."""

import base64
import secrets
from io import BytesIO
from urllib.parse import quote, urlencode

import qrcode
import qrcode.image.svg
from django.db import transaction

from accounts import audit
from accounts.models import BackupCode, TotpDevice, User
from accounts.services import throttle
from accounts.services.codes import code_digest, new_code

ISSUER = "精神卫生个案管理"
SECRET_BYTES = 20  # RFC 4226: 160 bits
BACKUP_CODES = 10
UNPROVEN = {"name": "身份验证器", "confirmed": False}


def has_device(user: User) -> bool:
    return bool(TotpDevice.objects.filter(user=user, confirmed=True).exists())


@transaction.atomic
def device_to_enrol(user: User) -> TotpDevice:
    """The user's not yet confirmed device, made when there is none. A confirmed one is left alone."""
    device: TotpDevice
    device, _ = TotpDevice.objects.get_or_create(user=user, defaults={**UNPROVEN, "secret": _new_secret()})
    return device


@transaction.atomic
def device_with_new_secret(user: User) -> TotpDevice:
    """The same, shown anew: a secret that somebody saw once and left unproven opens nothing later."""
    device = device_to_enrol(user)
    if not device.confirmed:
        device.secret = _new_secret()
        device.save(update_fields=["secret"])
    return device


def _new_secret() -> str:
    return secrets.token_hex(SECRET_BYTES)


@transaction.atomic
def confirm_device(*, user: User, code: str, address: str) -> list[str] | None:
    """The first right code proves the phone and ends the login: backup codes are made and returned once."""
    pair = throttle.locked_pair(user.username, address)
    device = TotpDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
    if throttle.held_back(pair) or device is None:
        return None
    if not device.verify_token(code):
        throttle.note_failure(pair, user, step="enrolment")
        return None
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    throttle.note_success(pair)
    audit.record("accounts.authenticator.enrolled", user, by=user)
    audit.record("accounts.login.succeeded", user, by=user, facts={"factor": "enrolment", "address": address})
    return renew_backup_codes(user=user)


@transaction.atomic
def renew_backup_codes(*, user: User) -> list[str]:
    """Ten new codes; the old ones stop working. Only digests are kept."""
    BackupCode.objects.filter(user=user).delete()
    codes = [new_code() for _ in range(BACKUP_CODES)]
    BackupCode.objects.bulk_create(BackupCode(user=user, digest=code_digest("backup", code)) for code in codes)
    audit.record("accounts.backup_codes.renewed", user, by=user)
    return codes


def unused_backup_codes(user: User) -> int:
    return BackupCode.objects.filter(user=user, used_at=None).count()


def typed_secret(device: TotpDevice) -> str:
    """The secret for typing by hand, in base 32 and groups of four."""
    text = base64.b32encode(bytes.fromhex(str(device.secret))).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def enrolment_address(device: TotpDevice, user: User) -> str:
    label = quote(f"{ISSUER}:{user.username}")
    asked = {"secret": typed_secret(device).replace(" ", ""), "issuer": ISSUER}
    return f"otpauth://totp/{label}?{urlencode(asked, quote_via=quote)}"


def qr_picture(address: str) -> bytes:
    """SVG of the enrolment address: one path, no style, so that it passes the content security policy."""
    picture = qrcode.make(address, image_factory=qrcode.image.svg.SvgPathImage, box_size=12, border=2)
    out = BytesIO()
    picture.save(out)
    return out.getvalue()
