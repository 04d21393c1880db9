"""Vocabulary of batches, single payments and what a bank says of them."""

from django.db.models import TextChoices


class BatchState(TextChoices):
    """A batch: made, checked, released by three people. Source: practice.md A2, A3; security T25, T26."""

    MADE = "made", "已编制"
    CHECKED = "checked", "已审核"
    PUBLISHED = "published", "公示中"
    RELEASED = "released", "已签发"
    SENT = "sent", "已送银行"
    RECONCILED = "reconciled", "已对账"
    VOIDED = "voided", "作废"


class PaymentState(TextChoices):
    """One payment. Source: practice.md A3."""

    WAITING = "waiting", "待发放"
    HELD = "held", "暂缓"
    SUBMITTED = "submitted", "已送银行"
    PAID = "paid", "已到账"
    FAILED = "failed", "银行退回"
    CORRECTED = "corrected", "已更正"
    DROPPED = "dropped", "不再发放"


class BankFailure(TextChoices):
    """Why the bank returned a payment. Source: practice.md A3 (陕西: 姓名或证件号不符; the rest from practice, a setting)."""

    NAME = "name", "户名不符"
    ACCOUNT = "account", "账号不存在或已销户"
    FROZEN = "frozen", "账户冻结或长期不动"
    ID_NUMBER = "id_number", "证件号不符"
    LIMIT = "limit", "超出限额"
    OTHER = "other", "其他原因"
