"""A list that the county's clerk carries in for another office: signed by that office, or not taken."""

from datetime import date

from accounts.queries.policy import policy
from accounts.refusals import Refused
from exchange.models import AgencyKey
from exchange.queries.agency_keys import key_in_force
from exchange.queries.inbound import Sender
from exchange.rules.inbound_kinds import Kind
from exchange.services.minisign import BadSignature, check, read_key
from exchange.terms import KeyPurpose

UNSIGNED = "代收的名册要有报送单位的签名。请连同签名文件（.minisig）一起上传，或请对方用自己的账号报送。"
NO_KEY = "这个单位还没有登记签名公钥，代收的名册没法核对是谁交的。请先在“公钥”页录入、核对它的签名公钥，或请对方用自己的账号报送。"


OTHER_LIST = (
    "签名里写的是“{said}”，这里填的是“{mark}”。旧的名册不能换个份号再交；请核对所属期和份号，或请对方重新签名。"
)


def signed_by(
    sent: Sender, kind: Kind, content: bytes, signature: bytes, *, mark: str, today: date
) -> AgencyKey | None:
    """The key with which the file was signed; None: its own account hands it in, or none is asked for here.

    `mark`: period and number, which stand in the signature's own comment, so that last quarter's file is not this one's.
    Offices outside the county have no key here, and a platform's export is the county's own. Source: issue 4, Build 6;
    security T17; county setting carried_lists_signed. Raises: Refused.
    """
    if not sent.carried:
        return None
    key = key_in_force(sent.agency, KeyPurpose.SIGN)
    asked = bool(policy(sent.county.pk, "carried_lists_signed", today)) and not kind.elsewhere and not kind.platform
    if key is None:
        if asked or signature:
            raise Refused(NO_KEY, field="what")
        return None
    if not signature:
        raise Refused(UNSIGNED, field="signature")
    try:
        said = check(content, signature, read_key(key.public_key))
    except BadSignature as refusal:
        raise Refused(str(refusal), field="signature") from None
    if mark not in said.split():
        raise Refused(OTHER_LIST.format(said=said[:60], mark=mark), field="signature")
    return key
