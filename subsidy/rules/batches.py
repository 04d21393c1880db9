"""A batch and its payments: three people, bound to the bytes that they saw; every payment ends paid or dropped.

Source: practice.md A2, A3; security T25 (unique person, programme, period), T26 (maker, checker, releaser; changed account).
"""

from collections.abc import Iterable
from hashlib import sha256

from accounts.refusals import Refused
from accounts.rules.machine import Machine, Step
from accounts.terms import Permission
from subsidy.terms import BatchState, OverpaymentState, PaymentState

B, PAY, OVER, P = BatchState, PaymentState, OverpaymentState, Permission

BATCH = Machine(
    "subsidy_batch",
    "发放批次",
    "practice.md A2, A3; security T25, T26",
    tuple(B),
    frozenset({B.MADE}),
    frozenset({B.RECONCILED, B.VOIDED}),
    (
        Step(B.MADE, B.CHECKED, "审核通过", P.CHECK_BATCH, "subsidy.batch.checked"),
        Step(B.MADE, B.VOIDED, "作废", P.MAKE_BATCH, "subsidy.batch.voided", needs_reason=True),
        Step(B.CHECKED, B.MADE, "退回修改", P.CHECK_BATCH, "subsidy.batch.reopened", needs_reason=True),
        Step(B.CHECKED, B.PUBLISHED, "公示", P.CHECK_BATCH, "subsidy.batch.published"),
        Step(B.PUBLISHED, B.MADE, "退回修改", P.CHECK_BATCH, "subsidy.batch.reopened", needs_reason=True),
        Step(B.PUBLISHED, B.RELEASED, "签发", P.RELEASE_BATCH, "subsidy.batch.released"),
        # an account that was changed after the release voids the approvals (security T26)
        Step(B.RELEASED, B.MADE, "撤回签发", P.RELEASE_BATCH, "subsidy.batch.reopened", needs_reason=True),
        Step(B.RELEASED, B.SENT, "送银行", P.RELEASE_BATCH, "subsidy.batch.sent"),
        Step(B.SENT, B.RECONCILED, "对账办结", P.KEEP_PAYMENTS, "subsidy.batch.reconciled"),
    ),
)
PAYMENT = Machine(
    "subsidy_payment",
    "单笔发放",
    "practice.md A3 (失败标明原因，更正后补发，直至到账)",
    tuple(PAY),
    frozenset({PAY.WAITING}),
    frozenset({PAY.PAID, PAY.DROPPED}),
    (
        Step(PAY.WAITING, PAY.HELD, "暂缓", P.MAKE_BATCH, "subsidy.payment.held", needs_reason=True),
        Step(PAY.WAITING, PAY.SUBMITTED, "随批送银行", None, "subsidy.payment.submitted"),
        Step(PAY.WAITING, PAY.DROPPED, "不再发放", P.MAKE_BATCH, "subsidy.payment.dropped", needs_reason=True),
        Step(PAY.HELD, PAY.WAITING, "恢复", P.MAKE_BATCH, "subsidy.payment.resumed", needs_reason=True),
        Step(PAY.HELD, PAY.DROPPED, "不再发放", P.MAKE_BATCH, "subsidy.payment.dropped", needs_reason=True),
        Step(PAY.SUBMITTED, PAY.PAID, "到账", None, "subsidy.payment.paid"),
        Step(PAY.SUBMITTED, PAY.FAILED, "银行退回", None, "subsidy.payment.failed"),
        Step(PAY.FAILED, PAY.CORRECTED, "更正", P.KEEP_PAYMENTS, "subsidy.payment.corrected", needs_reason=True),
        Step(PAY.FAILED, PAY.DROPPED, "不再发放", P.KEEP_PAYMENTS, "subsidy.payment.dropped", needs_reason=True),
        Step(PAY.CORRECTED, PAY.SUBMITTED, "补发", None, "subsidy.payment.submitted"),
        Step(PAY.CORRECTED, PAY.DROPPED, "不再发放", P.KEEP_PAYMENTS, "subsidy.payment.dropped", needs_reason=True),
    ),
)
OVERPAYMENT = Machine(
    "subsidy_overpayment",
    "多发款项",
    "practice.md A4.1 (惠来 audit: 追回、尚欠)",
    tuple(OVER),
    frozenset({OVER.OWED}),
    frozenset({OVER.RECOVERED, OVER.OFFSET, OVER.WRITTEN_OFF}),
    (
        Step(OVER.OWED, OVER.PARTLY, "登记部分收回", P.KEEP_PAYMENTS, "subsidy.overpayment.partly"),
        Step(OVER.OWED, OVER.RECOVERED, "登记追回", P.KEEP_PAYMENTS, "subsidy.overpayment.recovered"),
        Step(OVER.OWED, OVER.OFFSET, "抵扣", None, "subsidy.overpayment.offset"),
        Step(OVER.OWED, OVER.WRITTEN_OFF, "核销", P.DECIDE_SUBSIDY, "subsidy.overpayment.written_off", needs_reason=True),
        Step(OVER.PARTLY, OVER.RECOVERED, "登记追回", P.KEEP_PAYMENTS, "subsidy.overpayment.recovered"),
        Step(OVER.PARTLY, OVER.OFFSET, "抵扣", None, "subsidy.overpayment.offset"),
        Step(OVER.PARTLY, OVER.WRITTEN_OFF, "核销", P.DECIDE_SUBSIDY, "subsidy.overpayment.written_off", needs_reason=True),
    ),
)  # fmt: skip


def demand_another(by: str, *, maker: str, checker: str = "") -> None:
    """Maker, checker and releaser are three people. Source: security T26. Raises: Refused, in words.

    `by` acts now; `checker` is given when it is the release. The database refuses the same (a constraint).
    """
    if by == maker:
        raise Refused("这一批是您编制的，请由另一个人办理。", field="by")
    if checker and by == checker:
        raise Refused("这一批是您审核的，请由第三个人签发。", field="by")


def content_hash(number: str, rows: Iterable[tuple[str, ...]]) -> str:
    """What is approved: the batch's number and every cell in order. The same on every run. Source: security T25."""
    found = sha256(number.encode())
    for cells in rows:
        found.update(b"\x1e" + "\x1f".join(cells).encode())
    return found.hexdigest()


def demand_same(approved: str, now: str) -> None:
    """An approval holds for the bytes that were seen. Source: security T26. Raises: Refused, in words."""
    if approved != now:
        raise Refused("审核以后内容有变化（金额、账号或名单），原来的审核已失效。请重新审核。", field="hash")
