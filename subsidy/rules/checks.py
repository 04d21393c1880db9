"""Checks before paying: each a real finding of auditors, each a small function that says what it saw and what to do.

Source: practice.md A4 (惠来 audit: 118 dead payees; 蕲春, 周口); security T26. Units: local dates, yuan.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from accounts.rules.text import TextRefused
from registry.rules.id_number import normalise, read_id_number
from subsidy.rules.money import say
from subsidy.rules.schemes import Scheme
from subsidy.rules.spans import Span
from subsidy.terms import Met, Need, Severity, StopReason

B, W = Severity.BLOCKING, Severity.WARNING


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One payment of a batch and what the register and the partners' lists say of its people today."""

    key: str
    patient: str
    payee: str
    payee_name: str
    id_number: str
    account: str
    account_name: str
    amount: Decimal
    settled: Decimal  # what the settlement and its offsets come to
    patient_died_on: date | None = None
    payee_died_on: date | None = None
    paid_to: date | None = None  # the last day that the amount pays for
    is_payee_now: bool = True
    met: Met = Met.YES
    undecided_incident_on: date | None = None
    police_list: bool | None = None
    rests_whole_period: StopReason | None = None
    account_changed_on: date | None = None
    paid_before: str = ""  # the number of the batch in which this person was paid for the period


@dataclass(frozen=True, slots=True)
class Paying:
    """What the batch is about. `staff`: ID numbers and accounts of whoever enters, makes, checks or releases it."""

    scheme: Scheme
    period: Span
    today: date
    most_patients: int = 2  # a payee of more is asked about (本系统)
    account_rest_days: int = 1
    staff: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Finding:
    """`row` is the payment. `seen` what was found, `remedy` what to do; no sentence names an illness."""

    check: str
    row: str
    severity: Severity
    seen: str
    remedy: str


Said = tuple[Severity, str, str] | None
RowCheck = Callable[[BatchRow, Paying], Said]


def patient_dead(row: BatchRow, paying: Paying) -> Said:
    """Source: practice.md A4.1."""
    if row.patient_died_on is None or (row.paid_to is not None and row.paid_to < row.patient_died_on):
        return None
    until = f"，金额算到 {row.paid_to}" if row.paid_to else ""
    return B, f"被监护人 {row.patient_died_on} 死亡{until}。", "重新结算到停发前一天，已多发的登记追回。"


def payee_dead(row: BatchRow, paying: Paying) -> Said:
    """Source: practice.md A4.1."""
    if row.payee_died_on is None:
        return None
    return B, f"领款人 {row.payee_died_on} 死亡。", "换签协议并由新监护人领取，应付给原领款人的按继承材料办理。"


def payee_replaced(row: BatchRow, paying: Paying) -> Said:
    """Source: practice.md A4.2."""
    if row.is_payee_now:
        return None
    return W, "领款人现在不是登记的监护人或协助监护人。", "核对监护协议的起止日期；只付其履责期间的，注明后继续。"


def account_name(row: BatchRow, paying: Paying) -> Said:
    """Source: practice.md A4.2; A3 (姓名不符 is the bank's first cause of failure)."""
    if row.account_name == row.payee_name:
        return None
    return B, "账户户名与领款人姓名不一致。", "请领款人出示银行卡或社保卡，更正户名或账号。"


def account_missing(row: BatchRow, paying: Paying) -> Said:
    """A bank file takes digits and nothing else."""
    if row.account.isascii() and row.account.isdecimal() and 8 <= len(row.account) <= 30:
        return None
    said = "没有填写账号。" if not row.account else "账号里有不是数字的字符，或位数不对。"
    return B, said, "请对照银行卡或社保卡填写账号，只填数字。"


def id_digit(row: BatchRow, paying: Paying) -> Said:
    """Source: practice.md A4.2; GB 11643."""
    try:
        read_id_number(row.id_number, today=paying.today)
    except TextRefused as refusal:
        return B, str(refusal), "请对照领款人的身份证更正。"
    return None


def amount_off(row: BatchRow, paying: Paying) -> Said:
    """Source: practice.md A4.2 (amount ≠ standard × time)."""
    if row.amount == row.settled:
        return None
    return (
        B,
        f"本次金额 {say(row.amount)}，按结算应为 {say(row.settled)}。",
        "金额不能手工改。请重新编制，或先更正结算依据。",
    )


def amount_nothing(row: BatchRow, paying: Paying) -> Said:
    """A payment of 0 or less is none."""
    if row.amount > 0:
        return None
    return B, f"本次金额是 {say(row.amount)}。", "不列入本批；应抵扣的留到以后的发放。"


def not_eligible(row: BatchRow, paying: Paying) -> Said:
    """Source: practice.md A4.3."""
    if row.met is Met.YES:
        return None
    if row.met is Met.UNKNOWN:
        return B, "是否仍符合条件还没有查清。", "请按条件核对单补齐材料后再发。"
    return B, "按现有资料已不符合条件。", "核对条件和日期，重新结算；资料有误的先更正。"


def rests(row: BatchRow, paying: Paying) -> Said:
    """Source: practice.md A4.3 (moved out, 失访, in hospital, prison or 强制医疗 the whole period)."""
    if row.rests_whole_period is None:
        return None
    said = f"整个期间都是“{row.rests_whole_period.label}”。"
    return W, said, "请村（居）委会写明期间有没有履行监护，按办法决定发或不发。"


def undecided_incident(row: BatchRow, paying: Paying) -> Said:
    """Source: practice.md A4.4."""
    if row.undecided_incident_on is None:
        return None
    return B, f"{row.undecided_incident_on} 的事件还没有认定。", "列为暂缓，由小组认定后再发。"


def not_on_police_list(row: BatchRow, paying: Paying) -> Said:
    """Only where the scheme asks for both lists. Source: practice.md A4.5; 渭城."""
    version = paying.scheme.version_on(paying.period.last)
    asked = version is not None and Need.POLICE_LIST in (*version.needs, *version.any_need)
    if not asked or row.police_list:
        return None
    said = "没有和公安名册核对。" if row.police_list is None else "公安名册上没有这个人。"
    return B, said, "请派出所核对：应当列入的由公安补登，核对后再发。"


def paid_before(row: BatchRow, paying: Paying) -> Said:
    """Source: security T25. The database refuses it too."""
    if not row.paid_before:
        return None
    return B, f"这一期间已在 {row.paid_before} 批发放过。", "不列入本批；差额由系统列为补发或抵扣。"


def account_changed(row: BatchRow, paying: Paying) -> Said:
    """An account that was changed rests a whole day, counted in dates, after the day of the change. Source: security T26."""
    if row.account_changed_on is None:
        return None
    ready = row.account_changed_on + timedelta(days=paying.account_rest_days)
    if paying.today > ready:
        return None
    return B, f"账号 {row.account_changed_on} 改过。", f"重新审核，{ready + timedelta(days=1)} 起可以发放。"


def staff_paid(row: BatchRow, paying: Paying) -> Said:
    """Source: security T26 (creator, guardian and staff with the same ID or account: flag)."""
    if normalise(row.id_number) not in paying.staff and row.account not in paying.staff:
        return None
    return W, "领款人的证件号或账号与经办人员相同。", "换一个人经办和审核，并在批次里写明。"


def standard_changed(row: BatchRow, paying: Paying) -> Said:
    """Source: practice.md A4.2 (standard changed mid-period)."""
    changes = [days.first for days, _ in paying.scheme.stretches(paying.period)[1:]]
    if not changes:
        return None
    return W, f"期间内标准或规则有变化（{'、'.join(map(str, changes))} 起）。", "已分段结算，请看一看两段的金额。"


ROW_CHECKS: tuple[RowCheck, ...] = (
    patient_dead, payee_dead, payee_replaced, account_missing, account_name, id_digit, amount_off, amount_nothing,
    not_eligible, rests, undecided_incident, not_on_police_list, paid_before, account_changed, staff_paid, standard_changed,
)  # fmt: skip


def patient_twice(rows: Sequence[BatchRow]) -> Iterator[Finding]:
    """The same patient and payee more than once. Source: practice.md A4.2."""
    for same in _alike(rows, lambda row: (row.patient, row.payee)):
        for row in same[1:]:
            yield Finding("patient_twice", row.key, B, "同一名被监护人和领款人在本批里出现不止一次。", "只留一行。")


def account_of_two(rows: Sequence[BatchRow]) -> Iterator[Finding]:
    """One account under two names. Source: practice.md A4.2."""
    for same in _alike([row for row in rows if row.account], lambda row: row.account):
        if len({(row.payee, row.account_name) for row in same}) > 1:
            for row in same:
                yield Finding(
                    "account_of_two", row.key, B, "同一个账号用在两个领款人名下。", "请领款人各自出示银行卡核对。"
                )


def id_of_two(rows: Sequence[BatchRow]) -> Iterator[Finding]:
    """One ID number for two payees."""
    for same in _alike(rows, lambda row: normalise(row.id_number)):
        if len({row.payee for row in same}) > 1:
            for row in same:
                yield Finding(
                    "id_of_two",
                    row.key,
                    B,
                    "同一个证件号用在两个领款人名下。",
                    "请对照身份证核对，是同一个人的先合并。",
                )


def payee_of_many(rows: Sequence[BatchRow], most: int) -> Iterator[Finding]:
    """A payee for too many patients. Source: practice.md A4.2."""
    for same in _alike(rows, lambda row: row.payee):
        count = len({row.patient for row in same})
        if count > most:
            for row in same:
                yield Finding(
                    "payee_of_many", row.key, W, f"同一名领款人在本批里监护 {count} 人。", "请镇街核实实际履责的情况。"
                )


def _alike(rows: Sequence[BatchRow], by: Callable[[BatchRow], object]) -> Iterator[list[BatchRow]]:
    groups: dict[object, list[BatchRow]] = defaultdict(list)
    for row in rows:
        groups[by(row)].append(row)
    return (same for same in groups.values() if len(same) > 1)


def check(rows: Sequence[BatchRow], paying: Paying) -> tuple[Finding, ...]:
    """Every finding of a batch, in the order of its rows and then of the checks. Source: practice.md A4."""
    found = [Finding(one.__name__, row.key, *said) for row in rows for one in ROW_CHECKS if (said := one(row, paying))]
    found += [*patient_twice(rows), *account_of_two(rows), *id_of_two(rows), *payee_of_many(rows, paying.most_patients)]
    place = {row.key: number for number, row in enumerate(rows)}
    return tuple(sorted(found, key=lambda one: place[one.row]))


def blocked(findings: Sequence[Finding]) -> frozenset[str]:
    """The rows that cannot be paid as they are."""
    return frozenset(one.row for one in findings if one.severity is Severity.BLOCKING)
