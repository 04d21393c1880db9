"""How a package gets into the recipient's hands: the recipient's key, the days in which it can be fetched, each fetch."""

from django.db.models import TextChoices


class KeyState(TextChoices):
    """State of an agency's public key."""

    WAITING = "waiting", "待核对"
    ACTIVE = "active", "在用"
    REPLACED = "replaced", "已更换"
    REFUSED = "refused", "未通过核对"
    ENDED = "ended", "已停用"


class KeySide(TextChoices):
    AGENCY = "agency", "接收单位录入"
    COUNTY = "county", "县里录入"


class KeyPurpose(TextChoices):
    SEAL = "seal", "加密"  # packages for the agency are encrypted to it
    SIGN = "sign", "签名"  # lists of the agency that somebody else carries in are signed with it


class FetchWay(TextChoices):
    PAGE = "page", "网页"
    API = "api", "接口"


class Verdict(TextChoices):
    """Why a package can or cannot be fetched now; said by the database, which hands out the rows. The label is the sentence."""

    OPEN = "open", "可以下载。"
    RECALLED = "recalled", "这一份已被收回，不能再下载。已经下载的请按通知删除。"
    NO_KEY = "no_key", "本单位还没有核对过的公钥。请先登记公钥，由第二个人核对后再下载。"
    STOPPED = "stopped", "这一类交换已停用，暂时不能下载。请联系县里的信息交换员。"
    CLOSED = "closed", "本单位在系统里已停用，不能下载。请联系县里的信息交换员。"
    NOT_YET = "not_yet", "县里还没有开放下载。请联系县里的信息交换员。"
    EXPIRED = "expired", "下载期限已过。需要的，请县里的信息交换员重新开放。"
    USED_UP = "used_up", "三次下载已用完。需要的，请县里的信息交换员重新开放。"


class ChangeKind(TextChoices):
    """What happened to a row that a recipient holds."""

    ADDED = "added", "新增"
    CHANGED = "changed", "更正"
    REMOVED = "removed", "移除"


class ChangeReason(TextChoices):
    LATE = "late", "补录"
    CORRECTED = "corrected", "资料更正"
    FELL = "fell", "不再符合通报条件"
    ENDED = "ended", "已结案"
    WITHDRAWN = "withdrawn", "已转出本县或记录已撤销"
