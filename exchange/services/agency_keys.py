"""An agency's key entered by one person and confirmed by another who compared the fingerprint, replaced, ended."""

from contextlib import suppress

import pyrage
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import Agency, User
from accounts.reach import standing
from accounts.refusals import Denied, NotHere, Refused
from accounts.services.races import refusing
from accounts.terms import Permission
from exchange.models import AgencyKey
from exchange.queries.agency_keys import agency_of
from exchange.rules.agency_keys import AGENCY_KEYS, fingerprint, may_confirm, shape_problem
from exchange.services import minisign
from exchange.services.delivery import offer_what_waited
from exchange.terms import KeyPurpose, KeySide, KeyState

S, P = KeyState, Permission
WRONG = "公钥抄错了：校验不对。请从 age-keygen 的输出整行复制，不要手抄。"
SIGN_BY_COUNTY = "签名公钥请用公函交县里，由信息交换员录入、另一个人核对。"
WAITS = "这个单位已有一把公钥等待核对。请先核对，或写明原因退回，再录入新的。"


def read_key(text: str) -> tuple[str, KeyPurpose]:
    """A public key as it will be used, and for what. Raises: Refused, in words, at `public_key`."""
    key = "".join(text.split())
    if key.startswith(minisign.START):
        return _signing(key), KeyPurpose.SIGN
    return _sealing(key), KeyPurpose.SEAL


def _signing(key: str) -> str:
    try:
        minisign.read_key(key)
    except minisign.BadSignature as refusal:
        raise Refused(str(refusal), field="public_key") from None
    return key


def _sealing(key: str) -> str:
    if problem := shape_problem(key):
        raise Refused(problem, field="public_key")
    with suppress(pyrage.RecipientError, pyrage.EncryptError):
        recipient = pyrage.x25519.Recipient.from_str(key)
        pyrage.encrypt(b"", [recipient])  # a key to which nothing can be encrypted is none
        return key
    raise Refused(WRONG, field="public_key")


def _side(agency: Agency, by: User, permission: Permission) -> KeySide:
    """The agency's own account, or the county's. Raises: NotHere, Denied."""
    held = standing(by)
    if agency.pk in held.where(P.COLLECT_PACKAGE).offices:
        return KeySide.AGENCY
    if agency_of(by, agency.uuid, timezone.localdate()) is None:
        raise NotHere
    if permission not in held.permissions:
        raise Denied
    return KeySide.COUNTY


@transaction.atomic
def enter_key(*, agency: Agency, public_key: str, by: User) -> AgencyKey:
    """A new key waits for the second person; the one in force stays until then. Raises: Denied, NotHere, Refused."""
    side, (key, purpose) = _side(agency, by, P.PREPARE_PACKAGE), read_key(public_key)
    if purpose is KeyPurpose.SIGN and side is KeySide.AGENCY:
        raise Refused(SIGN_BY_COUNTY, field="public_key")
    if AgencyKey.objects.filter(agency=agency, public_key=key, state=S.ACTIVE).exists():
        raise Refused("这把公钥正在使用，不用再录入。", field="public_key")
    with refusing("agencykey_one_waiting", Refused(WAITS, field="public_key")):
        row = AgencyKey.objects.create(
            agency=agency, purpose=purpose, public_key=key, fingerprint=fingerprint(key), side=side, entered_by=by
        )
    facts = {"agency": str(agency.uuid), "fingerprint": row.fingerprint, "side": side.value}
    audit.record("exchange.key.entered", row, by=by, facts=facts)
    return row


def _locked(key: AgencyKey) -> AgencyKey:
    row = AgencyKey.objects.select_for_update(of=("self",)).filter(pk=key.pk).first()
    if row is None:
        raise NotHere
    return row


@transaction.atomic
def confirm_key(*, key: AgencyKey, by: User) -> AgencyKey:
    """The second person has compared the fingerprint; the key before it ends. Raises: Denied, NotHere, Refused."""
    row = _locked(key)
    side = _side(row.agency, by, P.VIEW_EXCHANGE)
    step = AGENCY_KEYS.step(row.state, S.ACTIVE)
    of_agency = side is KeySide.AGENCY
    if problem := may_confirm(row.side, entered_by=row.entered_by_id, by=by.pk, of_agency=of_agency):
        raise Refused(problem)
    now = timezone.now()
    for old in AgencyKey.objects.select_for_update(of=("self",)).filter(
        agency=row.agency, purpose=row.purpose, state=S.ACTIVE
    ):
        end = AGENCY_KEYS.step(old.state, S.REPLACED)
        old.state, old.ended_at, old.ended_by = end.after, now, by
        old.save(update_fields=["state", "ended_at", "ended_by"])
        audit.record(end.action, old, by=by, facts={"fingerprint": old.fingerprint})
    row.state, row.confirmed_at, row.confirmed_by = step.after, now, by
    row.save(update_fields=["state", "confirmed_at", "confirmed_by"])
    audit.record(step.action, row, by=by, facts={"fingerprint": row.fingerprint, "side": side.value})
    if side is KeySide.COUNTY and row.purpose == KeyPurpose.SEAL:
        offer_what_waited(row.agency, by=by)
    return row


@transaction.atomic
def end_key(*, key: AgencyKey, because: str, by: User) -> AgencyKey:
    """Refuse one that waits (the fingerprint differs), or stop the one in force. Raises: Denied, NotHere, Refused."""
    row = _locked(key)
    _side(row.agency, by, P.VIEW_EXCHANGE)
    step = AGENCY_KEYS.step(row.state, S.REFUSED if row.state == S.WAITING else S.ENDED)
    step.demand(because, field="because", sentence="请写明原因。")
    row.state, row.because, row.ended_at, row.ended_by = step.after, because, timezone.now(), by
    row.save(update_fields=["state", "because", "ended_at", "ended_by"])
    audit.record(step.action, row, by=by, because=because, facts={"fingerprint": row.fingerprint})
    return row
