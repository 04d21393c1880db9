"""Vocabulary of where a patient lives, and of people without an identity number."""

from django.db.models import TextChoices


class AddressKind(TextChoices):
    """Two dated addresses; the duty follows from the first. Source: features A (居住地 and 户籍地)."""

    RESIDENCE = "residence", "现住地"
    HOUSEHOLD = "household", "户籍地"


class AddressSource(TextChoices):
    """How the register learned of an address."""

    OPENED = "opened", "建档登记"
    MOVED = "moved", "登记新地址"
    CHANGED = "changed", "资料变更"
    IMPORTED = "imported", "导入"
    TRANSFER = "transfer", "档案移交"
    CORRECTED = "corrected", "更正管辖"
    MERGED = "merged", "档案合并"


class IdentityState(TextChoices):
    """无证件人员的身份核实: a file without an ID number is counted from its opening and confirmed by somebody else."""

    WAITING = "waiting", "待县级核实"
    RETURNED = "returned", "退回补查"
    CONFIRMED = "confirmed", "已核实"
