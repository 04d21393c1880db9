"""接收单位的公钥: what it must look like, what two people compare, and who may confirm it."""

from hashlib import sha256

from accounts.rules.machine import Machine, Step
from accounts.terms import Permission
from exchange.terms import KeySide, KeyState

S, P = KeyState, Permission
AGENCY_KEYS = Machine(
    name="agency_key",
    label="接收单位公钥",
    source="issue 4, Build 4; security T16: the key came by another way than the file, a second person compared it",
    states=tuple(S),
    starts=frozenset({S.WAITING}),
    ends=frozenset({S.REPLACED, S.REFUSED, S.ENDED}),
    steps=(
        Step(S.WAITING, S.ACTIVE, "核对无误", P.VIEW_EXCHANGE, "exchange.key.confirmed"),
        Step(S.WAITING, S.REFUSED, "不一致", P.VIEW_EXCHANGE, "exchange.key.refused", needs_reason=True),
        Step(S.ACTIVE, S.REPLACED, "更换", None, "exchange.key.replaced"),
        Step(S.ACTIVE, S.ENDED, "停用", P.VIEW_EXCHANGE, "exchange.key.ended", needs_reason=True),
    ),
)
LENGTH = 62
START = "age1"
PRIVATE_START = "AGE-SECRET-KEY-"
OTHERS = ("ssh-", "-----BEGIN", "AGE-PLUGIN-", "age1tag", "age1pq", "age1yubikey")


def is_private(text: str) -> bool:
    """A private key, also one line of a whole file that age-keygen wrote: it must not be shown again."""
    return PRIVATE_START in text.upper()


def shape_problem(text: str) -> str:
    """What is wrong with a text that should be an age public key, as far as it can be seen; "": it may be one."""
    if not text:
        return "请填公钥，以 age1 开头。"
    if is_private(text):
        return "这是私钥，不能交给任何人，系统没有保存。请重新生成一对密钥，只填以 age1 开头的公钥。"
    if text.startswith(OTHERS):
        return "这不是本系统能用的公钥。请用 age-keygen 生成，填以 age1 开头的那一行。"
    if not text.startswith(START):
        return "公钥以 age1 开头。请从 age-keygen 显示的“Public key”后面复制。"
    if len(text) != LENGTH:
        return f"公钥应有 {LENGTH} 个字符，现在有 {len(text)} 个。请整行复制，不要漏字。"
    return ""


def fingerprint(key: str) -> str:
    """Eight groups of four, made to be read aloud: the first half of SHA-256 of the key's text."""
    digits = sha256(key.encode()).hexdigest()[:32]
    return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))


def may_confirm(side: str, *, entered_by: int, by: int, of_agency: bool) -> str:
    """Why this person cannot confirm the key; "": may. Source: security 3.7 (two people), T16 (another way).

    What an agency's account has entered is compared by the county, which asks by telephone: whoever holds that account
    could otherwise confirm a key of his own. What the county entered is confirmed by the agency or by another person.
    """
    if entered_by == by:
        return "录入的人不能自己核对。请另一个人核对。"
    if side == KeySide.AGENCY and of_agency:
        return "本单位录入的公钥由县里核对。县里的信息交换员会打电话与您对指纹。"
    return ""
