"""回执: what the receiving office says about each row of a package."""

from django.db.models import TextChoices


class RowVerdict(TextChoices):
    """A row without one is 待核对. Source: issue 4, Build 5."""

    MATCHED = "matched", "一致"
    UNMATCHED = "unmatched", "对不上"
    REFUSED = "refused", "退回"


class RefusedBecause(TextChoices):
    """Why an office sends a row back."""

    NO_SUCH_PERSON = "no_person", "查无此人"
    WRONG_FACTS = "facts", "资料有误"
    MOVED_AWAY = "moved", "人已不在本辖区"
    NOT_OURS = "not_ours", "不归本单位"
    TWICE = "twice", "与另一行重复"
    NO_BASIS = "no_basis", "超出协议范围"


class ReceiptWay(TextChoices):
    ALL = "all", "全部一致"
    ROWS = "rows", "逐行登记"
    FILE = "file", "回执表"
    API = "api", "接口"


class RefusalState(TextChoices):
    """A row that was sent back, on its way to a decision."""

    CHECKING = "checking", "镇街核实中"
    DECIDING = "deciding", "待县里处理"
    SETTLED = "settled", "已办结"


class Found(TextChoices):
    """What the township found about the facts of a row that was sent back."""

    CORRECTED = "corrected", "资料确实有误，已更正"
    RIGHT = "right", "资料无误"
    UNCLEAR = "unclear", "核实不了"


class Settled(TextChoices):
    """What the county made of it."""

    NEXT = "next", "随下一包或更正包发出"
    KEPT = "kept", "维持原内容，已告知接收单位"
    TAKEN_BACK = "taken_back", "已请接收单位删除这一行"
    BY_OFFICE = "by_office", "接收单位已改"
