"""Vocabulary of the ledger and of money paid too much."""

from django.db.models import TextChoices


class Account(TextChoices):
    """Accounts of the double entry. Source: issue 6, Build 9."""

    BUDGET = "budget", "预算指标"
    ENTITLEMENT = "entitlement", "应发"
    IN_TRANSIT = "in_transit", "银行在途"
    PAID = "paid", "已发放"
    RETURNED = "returned", "银行退回"
    RECEIVABLE = "receivable", "应追回"
    WRITTEN_OFF = "written_off", "核销"


class OverpaymentState(TextChoices):
    """Money paid too much. Source: practice.md A4 (惠来 audit)."""

    OWED = "owed", "应追回"
    PARTLY = "partly", "部分收回"
    RECOVERED = "recovered", "已追回"
    OFFSET = "offset", "已抵扣"
    WRITTEN_OFF = "written_off", "已核销"
