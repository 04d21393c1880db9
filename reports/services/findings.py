"""督导: recorded with its findings; what was put right is reported, accepted or sent back. A line and an audit entry each."""

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import Division, User
from accounts.refusals import NotHere, Refused
from accounts.rules.text import TextRefused
from accounts.services.races import one_at_a_time, refusing
from accounts.terms import Permission
from registry.rules.scans import LARGEST_BYTES, form_of
from registry.services.scans import Upload
from reports.doors import areas_of, findings_for, supervisions_for
from reports.models import Finding, FindingFile, FindingNote, Measure, Supervision
from reports.queries.supervision import Hook, Unit, units_of
from reports.rules.cut import FIRST_DAY
from reports.rules.findings import FINDINGS
from reports.rules.tasks import names_nobody
from reports.terms import FindingAct, FindingState, Supervisor

LONGEST_TERM = timedelta(days=3 * 366)
TWICE = "这一天已经登记过对这个单位的督导。发现的问题加在那一次里。"


class FindingRefused(Refused):
    code = "finding_refused"


class OwnReport(Refused):
    code = "own_report"
    message = "报整改和确认要由两个人办理。请另一位同事确认或退回。"


@dataclass(frozen=True)
class SupervisionFacts:
    supervisor: Supervisor
    held_on: date
    unit: Unit
    number: str = ""
    summary: str = ""


@dataclass(frozen=True)
class FindingFacts:
    what: str
    unit: Unit
    due_on: date
    hook: Hook | None = None
    basis: str = ""


@dataclass(frozen=True)
class Put:
    """What a unit says that it did: when, what, and what shows it."""

    on: date
    words: str
    evidence: str = ""
    file: Upload | None = None


@transaction.atomic
def record_supervision(*, area: Division, facts: SupervisionFacts, by: User) -> Supervision:
    """登记督导, after it was held. Raises: Denied, NotHere, FindingRefused, NamesAPerson."""
    authorise(by, Permission.KEEP_SUPERVISION)
    if area not in areas_of(by, Permission.KEEP_SUPERVISION):
        raise NotHere
    if not FIRST_DAY <= facts.held_on <= timezone.localdate():
        raise FindingRefused("督导日期不能晚于今天，也不能早于 2000 年。", field="held_on")
    _known(facts.unit, area)
    names_nobody(facts.summary, field="summary")
    with refusing("supervision_once_a_day", FindingRefused(TWICE, field="unit")):
        found = Supervision.objects.create(
            area=area, supervisor=facts.supervisor, held_on=facts.held_on, place=facts.unit.place,
            kind=facts.unit.kind, name=facts.unit.name, number=facts.number, summary=facts.summary, recorded_by=by,
        )  # fmt: skip
    audit.record("reports.supervision.recorded", found, by=by, facts=_of(found))
    return found


@transaction.atomic
def record_finding(supervision: Supervision, *, facts: FindingFacts, by: User) -> Finding:
    """登记问题, numbered within its supervision. Raises: Denied, NotHere, FindingRefused, NamesAPerson."""
    authorise(by, Permission.KEEP_SUPERVISION)
    one_at_a_time(supervision.uuid)
    rows = supervisions_for(by, Permission.KEEP_SUPERVISION).select_related("area")
    of = rows.filter(pk=supervision.pk).first()
    if of is None:
        raise NotHere
    _known(facts.unit, of.area)
    _words(facts.what, field="what", missing="请写明发现了什么问题。")
    names_nobody(facts.basis, field="basis")
    check_term(facts.due_on, of.held_on, field="due_on", start="督导那天")
    before = Finding.objects.filter(supervision=of)
    if before.filter(what=facts.what).exclude(state=FindingState.WITHDRAWN).exists():
        raise FindingRefused("这次督导已经登记过同样的问题。", field="what")
    hook = facts.hook or Hook("")
    found = Finding.objects.create(
        supervision=of, number=before.count() + 1, what=facts.what, place=facts.unit.place, kind=facts.unit.kind,
        name=facts.unit.name, pack=hook.pack, row_key=hook.row_key, task=hook.task, basis=facts.basis,
        due_on=facts.due_on,
    )  # fmt: skip
    note(found, FindingAct.FOUND, of.held_on, facts.what, by, due_on=facts.due_on)
    audit.record("reports.finding.recorded", found, by=by, because=facts.what[:200], facts=facts_of(found))
    return found


@transaction.atomic
def note_rectification(finding: Finding, *, put: Put, by: User) -> FindingNote:
    """进展 while it is still open. Raises: Denied, NotHere, FindingRefused, NamesAPerson."""
    found = locked_finding(finding, Permission.ANSWER_FINDING, by)
    if found.state != FindingState.OPEN:
        state = FindingState(found.state)
        raise FindingRefused(f"这个问题现在是“{state.label}”，不能再记进展。")
    same = FindingNote.objects.filter(finding=found, act=FindingAct.PROGRESS, on=put.on, words=put.words, by=by)
    if same.exists():
        raise FindingRefused("同样的进展已经记过了。", field="words")
    line = _said(found, FindingAct.PROGRESS, put, by)
    audit.record("reports.finding.noted", found, by=by, because=put.words[:200], facts=facts_of(found))
    return line


@transaction.atomic
def report_right(finding: Finding, *, put: Put, by: User) -> FindingNote:
    """报整改, with a note or a file that shows it. It counts once it is accepted.

    Raises: Denied, NotHere, StepRefused, FindingRefused, NamesAPerson.
    """
    found = locked_finding(finding, Permission.ANSWER_FINDING, by)
    step = FINDINGS.step(found.state, FindingState.REPORTED)
    if not put.evidence and not put.file:
        raise FindingRefused("报整改请写明依据（文件名称、文号或照片编号），或上传依据文件。", field="evidence")
    line = _said(found, FindingAct.REPORTED, put, by)
    move(found, state=FindingState.REPORTED)
    audit.record(step.action, found, by=by, because=put.words[:200], facts=facts_of(found))
    return line


@transaction.atomic
def accept_right(finding: Finding, *, by: User) -> Finding:
    """确认整改到位, by somebody else than who reported it. Raises: Denied, NotHere, StepRefused, OwnReport."""
    found = locked_finding(finding, Permission.KEEP_SUPERVISION, by)
    step = FINDINGS.step(found.state, FindingState.RIGHT)
    _not_the_reporter(found, by)
    move(found, state=FindingState.RIGHT)
    note(found, FindingAct.ACCEPTED, timezone.localdate(), "确认整改到位。", by)
    audit.record(step.action, found, by=by, facts=facts_of(found))
    return found


@transaction.atomic
def send_back(finding: Finding, *, because: str, by: User, due_on: date | None = None) -> Finding:
    """退回, with the reason; with a new term where one is given, else the old one holds.

    Raises: Denied, NotHere, StepRefused, OwnReport, Refused (no reason), FindingRefused, NamesAPerson.
    """
    found = locked_finding(finding, Permission.KEEP_SUPERVISION, by)
    step = FINDINGS.step(found.state, FindingState.OPEN)
    step.demand(because, field="because")
    names_nobody(because, field="because")
    _not_the_reporter(found, by)
    today = timezone.localdate()
    if due_on is not None:
        check_term(due_on, today, field="due_on", start="今天")
    move(found, state=FindingState.OPEN, due_on=due_on)
    note(found, FindingAct.RETURNED, today, because, by, due_on=due_on)
    audit.record(step.action, found, by=by, because=because, facts=facts_of(found))
    return found


@transaction.atomic
def withdraw_finding(finding: Finding, *, because: str, by: User) -> Finding:
    """撤销问题: recorded by mistake. What a measure rests on stays until the measure is revoked.

    Raises: Denied, NotHere, StepRefused, Refused (no reason), FindingRefused, NamesAPerson.
    """
    found = locked_finding(finding, Permission.KEEP_SUPERVISION, by)
    step = FINDINGS.step(found.state, FindingState.WITHDRAWN)
    step.demand(because, field="because")
    names_nobody(because, field="because")
    if found.rung:
        raise FindingRefused(f"这个问题已经到“{found.get_rung_display()}”。先撤销那一步措施，再撤销问题。")
    move(found, state=FindingState.WITHDRAWN)
    note(found, FindingAct.WITHDRAWN, timezone.localdate(), because, by)
    audit.record(step.action, found, by=by, because=because, facts=facts_of(found))
    return found


def locked_finding(finding: Finding, permission: Permission, by: User) -> Finding:
    """The row as it stands now, if the person may act on it. Raises: Denied, NotHere."""
    authorise(by, permission)
    rows = findings_for(by, permission).select_for_update(of=("self",)).select_related("supervision__area", "place")
    found = rows.filter(pk=finding.pk).first()
    if found is None:
        raise NotHere
    return found


def move(
    finding: Finding, *, state: FindingState | None = None, due_on: date | None = None, rung: str | None = None
) -> None:
    """Keep beside the finding what its history says of today."""
    finding.state = state or finding.state
    finding.due_on = due_on or finding.due_on
    finding.rung = finding.rung if rung is None else rung
    finding.save(update_fields=["state", "due_on", "rung"])


def note(
    finding: Finding,
    act: FindingAct,
    on: date,
    words: str,
    by: User,
    *,
    evidence: str = "",
    due_on: date | None = None,
    rung: str = "",
    measure: Measure | None = None,
) -> FindingNote:
    """A line of the history. The days of its steps never go back: how it stood on a day is read from their order."""
    rows = FindingNote.objects.filter(finding=finding).exclude(act=FindingAct.PROGRESS).order_by("-pk")
    last = rows.values_list("on", flat=True).first()
    if last is not None and on < last:
        raise FindingRefused(f"日期不能早于上一步（{last:%Y-%m-%d}）。更早做的事写在内容里。", field="on")
    return FindingNote.objects.create(
        finding=finding, act=act, on=on, words=words[:500], evidence=evidence, due_on=due_on, rung=rung,
        measure=measure, by=by, agency=by.agency,
    )  # fmt: skip


def check_term(due_on: date, start_on: date, *, field: str, start: str) -> None:
    """Raises: FindingRefused."""
    if not start_on <= due_on <= start_on + LONGEST_TERM:
        raise FindingRefused(
            f"写的是 {due_on:%Y-%m-%d}。期限不能早于{start}（{start_on:%Y-%m-%d}），也不能晚于三年以后。", field=field
        )


def facts_of(finding: Finding) -> dict[str, object]:
    """For the audit."""
    return {
        "finding": str(finding.uuid),
        "area": finding.supervision.area.code,
        "unit": finding.name,
        "state": finding.state,
        "due_on": finding.due_on.isoformat(),
        "rung": finding.rung,
    }


def _said(finding: Finding, act: FindingAct, put: Put, by: User) -> FindingNote:
    if not FIRST_DAY <= put.on <= timezone.localdate():
        raise FindingRefused("日期不能晚于今天。", field="on")
    _words(put.words, field="words", missing="请写明做了什么。")
    names_nobody(put.evidence, field="evidence")
    content = put.file.read(LARGEST_BYTES + 1) if put.file else b""
    form = _form(content) if put.file else ""
    line = note(finding, act, put.on, put.words, by, evidence=put.evidence)
    if put.file:
        digest = sha256(content).hexdigest()
        FindingFile.objects.create(note=line, form=form, size=len(content), sha256=digest, content=content)
    return line


def _form(content: bytes) -> str:
    try:
        return form_of(content)
    except TextRefused as refusal:
        raise FindingRefused(str(refusal), field="file") from refusal


def _words(text: str, *, field: str, missing: str) -> None:
    if not text:
        raise FindingRefused(missing, field=field)
    names_nobody(text, field=field)


def _known(unit: Unit, area: Division) -> None:
    if unit not in units_of(area):
        raise FindingRefused("没有这个单位，请从列出的里面选。", field="unit")


def _not_the_reporter(finding: Finding, by: User) -> None:
    last = FindingNote.objects.filter(finding=finding, act=FindingAct.REPORTED).order_by("-pk").first()
    if last is not None and last.by_id == by.pk:
        raise OwnReport


def _of(supervision: Supervision) -> dict[str, object]:
    return {
        "supervision": str(supervision.uuid),
        "area": supervision.area.code,
        "unit": supervision.name,
        "held_on": supervision.held_on.isoformat(),
    }
