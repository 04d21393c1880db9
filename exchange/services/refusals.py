"""Rows that an office has sent back, made into somebody's work; and the package's last word with its certificate."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import Division, User
from accounts.refusals import Denied, NotHere, Refused
from accounts.scope import scope
from accounts.services.races import refusing
from accounts.terms import FieldGroup, Permission, Purpose
from exchange.models import Package, PackageClosing, PackageReceipt, PackageReceiptRow, PackageRefusal
from exchange.queries.package_receipts import balance_of, numbered_rows
from exchange.queries.packages import GONE_OUT
from exchange.queries.templates import counties_of
from exchange.rules.receipts import REFUSALS, first_state, may_close
from exchange.terms import Found, RefusalState, RowVerdict, Settled
from registry.models import Patient

S = RefusalState
CLOSED = "这个包已经办结。"


def follow_refusals() -> int:
    """From the clock: every row whose newest word is 退回 has its work; a row taken back by its office has none.

    Source: issue 4, Build 5. May run twice, at once or again: a row has one open work (constraint).
    """
    done = 0
    newest = PackageReceipt.objects.filter(refused__gt=0, package__state__in=GONE_OUT)
    for package, county in newest.order_by("package").values_list("package", "county").distinct():
        with transaction.atomic(), scope(counties=[county], route="exchange.refusals"):
            done += _follow(package)
    return done


def _follow(key: int) -> int:
    package = (
        Package.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("county", "template")
        .filter(pk=key)
        .first()
    )
    if package is None:
        return 0
    current = (
        PackageReceiptRow.objects.filter(package=package)
        .order_by("serial", "-receipt__issued_at", "-receipt__number")
        .distinct("serial")
    )
    back = {row.serial: row for row in current if row.verdict == RowVerdict.REFUSED}
    known = PackageRefusal.objects.filter(package=package)
    has = set(known.values_list("serial", "opened_at"))
    fresh = {serial: row for serial, row in back.items() if (serial, row.since) not in has}
    changed = Q(serial__in=list(fresh)) | ~Q(serial__in=list(back))  # the office has said something else since
    known.exclude(state=S.SETTLED).filter(changed).update(
        state=S.SETTLED, settled=Settled.BY_OFFICE, settled_at=timezone.now()
    )
    if not fresh:
        return 0
    people = {
        number: UUID(rowkey.partition("|")[0]) for number, _list, rowkey in numbered_rows(package) if number in fresh
    }
    patients = {one.uuid: one for one in Patient.objects.filter(uuid__in=list(people.values()))}
    made, notes = 0, _notes(package, fresh)
    for serial, row in sorted(fresh.items()):
        patient = patients.get(people[serial])
        if patient is None:
            continue  # has moved to another county: its own receipts speak there
        PackageRefusal(
            package=package, serial=serial, patient=patient, because=row.because, said=notes.get(serial),
            state=first_state(row.because), opened_at=row.since,
        ).save(force_insert=True)  # fmt: skip
        made += 1
    audit.saw(patients, (FieldGroup.IDENTITY,), Purpose.EXCHANGE)
    return made


def _notes(package: Package, fresh: dict[int, PackageReceiptRow]) -> dict[int, str]:
    """What the office wrote beside a row. A sheet that repeats the row has an empty note: that takes nothing back."""
    rows = PackageReceiptRow.objects.filter(package=package, serial__in=list(fresh)).order_by("id")
    return {row.serial: str(row.note) for row in rows if row.note and row.since == fresh[row.serial].since}


@transaction.atomic
def check_refusal(*, refusal: PackageRefusal, found: str, by: User) -> PackageRefusal:
    """The township says what it found about the facts. Raises: Denied, NotHere, Refused."""
    row = _locked(refusal)
    authorise(by, Permission.ANSWER_REFUSAL, row)
    step = REFUSALS.step(row.state, S.DECIDING)
    if found not in Found.values:
        raise Refused("请选择核实结果。", field="found")
    row.state, row.found, row.found_at, row.found_by = step.after, found, timezone.now(), by
    row.save(update_fields=["state", "found", "found_at", "found_by"])
    audit.record(step.action, row, by=by, person=row.patient.uuid, facts={"found": found})
    return row


@transaction.atomic
def settle_refusal(*, refusal: PackageRefusal, settled: str, by: User) -> PackageRefusal:
    """The county's decision about a row that was sent back. Raises: Denied, NotHere, Refused."""
    _of_county(refusal.package.county, by)
    with scope(counties=[refusal.package.county_id]):
        row = _locked(refusal)
        step = REFUSALS.step(row.state, S.SETTLED)
        if settled not in Settled.values or settled == Settled.BY_OFFICE:
            raise Refused("请选择怎样处理。", field="settled")
        row.state, row.settled, row.settled_at, row.settled_by = step.after, settled, timezone.now(), by
        row.save(update_fields=["state", "settled", "settled_at", "settled_by"])
        person = row.patient.uuid
    audit.record(step.action, row, by=by, person=person, facts={"settled": settled})
    return row


def _locked(refusal: PackageRefusal) -> PackageRefusal:
    rows = PackageRefusal.objects.select_for_update(of=("self",)).select_related("patient", "package__county")
    row = rows.filter(pk=refusal.pk).first()
    if row is None:
        raise NotHere
    return row


def _of_county(county: Division, by: User) -> None:
    today = timezone.localdate()
    if county not in counties_of(by, Permission.VIEW_EXCHANGE, today):
        raise NotHere
    if county not in counties_of(by, Permission.PREPARE_PACKAGE, today):
        raise Denied


@transaction.atomic
def close_package(*, package: Package, because: str, by: User) -> PackageClosing:
    """办结: no row is left without a word, or it is written why. The numbers stand on the certificate and stay.

    Source: issue 4, Build 5. Raises: Denied, NotHere, Refused.
    """
    _of_county(package.county, by)
    row = (
        Package.objects.select_for_update(of=("self",))
        .select_related("county", "agency", "template")
        .get(pk=package.pk)
    )
    if row.state not in GONE_OUT:
        raise Refused("只有发出去的包才能办结。")
    balance = balance_of(row)
    if sentence := may_close(balance, because):
        raise Refused(sentence, field="because")
    with refusing(f"{PackageClosing._meta.db_table}_package_id_key", Refused(CLOSED)):
        closing = PackageClosing.objects.create(
            package=row, county=row.county, closed_by=by, because="" if balance.is_done else because,
            receipts=PackageReceipt.objects.filter(package=row).count(), sent=balance.sent, matched=balance.matched,
            unmatched=balance.unmatched, refused=balance.refused, pending=balance.pending,
        )  # fmt: skip
    facts = {name: getattr(closing, name) for name in ("sent", "matched", "unmatched", "refused", "pending")}
    audit.record("exchange.package.closed", row, by=by, because=closing.because, facts=facts)
    return closing
