"""One difference worked: who is meant, what was found out, and what the county says to it."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.doors import authorise
from accounts.models import Division, User
from accounts.refusals import NotHere, Refused
from accounts.terms import Permission
from exchange.models import Difference, InboundList
from exchange.queries.differences import alike, candidates_of, differences_for, name_of, still_differs
from exchange.queries.inbound import kinds
from exchange.queries.inbound_people import our_person
from exchange.rules.differences import DIFFERENCES, Finding, Problem, Situation, check_finding
from exchange.rules.inbound_matching import Verdict, judge
from exchange.services.inbound_comparing import follow, key_of
from exchange.terms import Conclusion, DifferenceState, InboundKind, RowClass
from registry.models import Clue, Patient
from registry.services.clues import exclude_listed
from registry.services.death_reports import settle_death_report
from registry.terms import CareStatus

S, C, P = DifferenceState, Conclusion, Permission
EXCLUDES = frozenset({C.NOBODY, C.MOVED, C.DEAD, C.NOT_SIX})
DECIDED = "这件已经有人办过。请刷新后再看。"
OWN = "自己填写的结论要由另一个人审核。"


class FindingRefused(Refused):
    def __init__(self, found: Sequence[Problem]) -> None:
        super().__init__(found[0].message, field=found[0].field)
        self.problems = found


def _held(one: Difference, permission: Permission, by: User) -> Difference:
    """The row, held until the transaction ends, in the reach of the right. Raises: Denied, NotHere."""
    authorise(by, permission)
    rows = differences_for(by, permission).select_for_update(of=("self",))
    row = rows.select_related("inbound__agency", "inbound__drafted_by", "county", "township", "patient", "clue").filter(
        pk=one.pk
    )
    found = row.first()
    if found is None:
        raise NotHere
    return found


def _person_of(one: Difference) -> UUID | None:
    return one.patient.uuid if one.patient else None


@transaction.atomic
def answer_difference(*, difference: Difference, finding: Finding, by: User) -> Difference:
    """结论 and 证据 of the township; the county looks at it next. Nobody's file is opened or closed by it.

    Source: issue 4, Build 6. Raises: Denied, NotHere, FindingRefused, StepRefused.
    """
    return _answer(_held(difference, P.WORK_DIFFERENCE, by), finding, by)


MOST_TOGETHER = 100


@transaction.atomic
def answer_together(*, like: Difference, chosen: Iterable[UUID], finding: Finding, by: User) -> int:
    """One 结论 and 证据 for several differences that say the same; each stays a row of its own with its trail and review.

    All or none: whom the answer does not fit is named. Source: issue 4, Build 6. Raises: Denied, NotHere, Refused.
    """
    authorise(by, P.WORK_DIFFERENCE)
    wanted = set(chosen)
    rows = [one for one in alike(like, by) if one.uuid in wanted]
    if not rows:
        raise Refused("请勾选要一起答复的人。", field="row")
    if len(rows) != len(wanted):
        raise Refused("有的已经有人办过。请核对后再提交。", field="row")
    if len(rows) > MOST_TOGETHER:
        raise Refused(f"一次最多一起答复 {MOST_TOGETHER} 人。请分几次。", field="row")
    wrong = []
    for one in sorted(rows, key=lambda row: row.pk):
        try:
            _answer(_held(one, P.WORK_DIFFERENCE, by), finding, by)
        except FindingRefused as refusal:
            wrong.append((name_of(one), refusal))
    if wrong:
        raise FindingRefused(_named(wrong))
    return len(rows)


def _named(wrong: Sequence[tuple[str, FindingRefused]]) -> list[Problem]:
    """One sentence for everybody whom the answer does not fit, grouped by what is wrong."""
    by_problem: dict[tuple[str, str], list[str]] = {}
    for name, refusal in wrong:
        for problem in refusal.problems:
            by_problem.setdefault((problem.field, problem.message), []).append(name)
    return [
        Problem(field, said if field == "words" else f"{'、'.join(names)}：{said}不合的请去掉勾选，单独办理。")
        for (field, said), names in by_problem.items()
    ]


def _answer(one: Difference, finding: Finding, by: User) -> Difference:
    step = DIFFERENCES.step(one.state, S.ANSWERED)
    if problems := check_finding(finding, situation_of(one)):
        raise FindingRefused(problems)
    one.conclusion, one.evidence, one.words = finding.conclusion, finding.evidence, finding.words
    one.state, one.answered_at, one.answered_by = step.after, timezone.now(), by
    one.reviewed_at, one.reviewed_by, one.because = None, None, ""
    one.save()
    if finding.conclusion in EXCLUDES and one.clue is not None:
        exclude_listed(clue=one.clue, reason=f"{finding.conclusion.label}。{finding.words}".strip("。") + "。", by=by)
    if finding.conclusion is C.ALIVE and one.patient is not None:
        settle_death_report(patient=one.patient, was_true=False, by=by)
    facts = {"conclusion": one.conclusion, "evidence": one.evidence}
    audit.record(step.action, one, by=by, person=_person_of(one), facts=facts)
    return one


def situation_of(one: Difference) -> Situation:
    """How our file stands now."""
    patient = one.patient
    kind = kinds()[InboundKind(one.inbound.kind)]
    person = our_person(patient, one.county, timezone.localdate()) if patient else None
    return Situation(
        found=RowClass(one.found), of_death=one.of_death, ended=patient is not None and patient.closed_on is not None,
        dead=patient is not None and patient.status == CareStatus.DEAD, differs=still_differs(kind, one, person),
    )  # fmt: skip


@transaction.atomic
def settle_unsure(*, difference: Difference, patient: Patient | None, by: User) -> Difference:
    """认人: which of our people the row means, or none of them. Then it is compared as any other row.

    Source: issue 4, Build 6 (→ manual). Raises: Denied, NotHere, Refused.
    """
    one = _held(difference, P.WORK_DIFFERENCE, by)
    if one.found != RowClass.UNSURE or one.state != S.OPEN:
        raise Refused(DECIDED)
    if patient is not None and patient not in candidates_of(one, by):
        raise Refused("请从列出的人里选。", field="patient")
    kind = kinds()[InboundKind(one.inbound.kind)]
    row = one.theirs
    if row is None:
        raise Refused(DECIDED)
    person = our_person(patient, one.county, timezone.localdate()) if patient else None
    verdict = judge(kind, row, person) if person else Verdict(row, RowClass.ONLY_THEIRS)
    one.found, one.fields, one.patient = verdict.found, [item.value for item in verdict.fields], patient
    if patient is not None:
        one.township = Division.objects.get(pk=patient.duty_township)
    key = key_of(one.inbound, verdict)
    going_on = Difference.objects.filter(key=key, state__in=(S.OPEN, S.ANSWERED)).exclude(pk=one.pk).exists()
    _recount(one.inbound, RowClass.UNSURE, verdict.found)
    if verdict.found not in kind.work or going_on:
        one.found = RowClass.UNSURE  # the table holds differences; how it ended stands in the list's counts
        one.state = DIFFERENCES.step(one.state, S.LAPSED).after
    else:
        one.key = key
        follow(one, kind, row, person)
    one.save()
    facts = {"to": verdict.found.value, "lapsed": one.state == S.LAPSED}
    audit.record("exchange.difference.identified", one, by=by, person=_person_of(one), facts=facts)
    return one


def _recount(row: InboundList, before: RowClass, after: RowClass) -> None:
    held = InboundList.objects.select_for_update(of=("self",)).get(pk=row.pk)
    held.counts[before.value] -= 1
    held.counts[after.value] += 1
    held.save(update_fields=["counts"])


@transaction.atomic
def place_difference(*, difference: Difference, township: Division, by: User) -> Difference:
    """分派 to a township: a row that named none, or the wrong one. Raises: Denied, NotHere, Refused."""
    one = _held(difference, P.REVIEW_DIFFERENCE, by)
    if one.state != S.OPEN:
        raise Refused(DECIDED)
    if one.patient is not None or one.clue is not None:
        raise Refused("这件已经跟着患者或线索归了乡镇。请在档案或线索里办理移交。")
    if township.parent_id != one.county_id:
        raise Refused("请选择本县的乡镇（街道）。", field="township")
    one.township = township
    follow(one, kinds()[InboundKind(one.inbound.kind)], one.theirs, None)
    one.save()
    audit.record("exchange.difference.placed", one, by=by, facts={"township": township.code})
    return one


@transaction.atomic
def accept_differences(*, row: InboundList, chosen: Iterable[UUID], by: User) -> int:
    """审核通过 of what is chosen; what somebody else has decided meanwhile is passed over.

    Source: issue 4, Build 6. Raises: Denied, Refused (one's own answer).
    """
    authorise(by, P.REVIEW_DIFFERENCE)
    rows = differences_for(by, P.REVIEW_DIFFERENCE).filter(last_inbound=row, uuid__in=list(chosen), state=S.ANSWERED)
    done = 0
    for one in rows.select_for_update(of=("self",)).order_by("pk"):
        if one.answered_by_id == by.pk:
            raise Refused(OWN)
        step = DIFFERENCES.step(one.state, S.ACCEPTED)
        one.state, one.reviewed_at, one.reviewed_by = step.after, timezone.now(), by
        one.save(update_fields=["state", "reviewed_at", "reviewed_by"])
        audit.record(step.action, one, by=by, person=_person_of(one))
        done += 1
    return done


@transaction.atomic
def return_difference(*, difference: Difference, because: str, by: User) -> Difference:
    """退回 to the township, with the reason. The first deadline stays. Raises: Denied, NotHere, Refused."""
    one = _held(difference, P.REVIEW_DIFFERENCE, by)
    step = DIFFERENCES.step(one.state, S.OPEN)
    step.demand(because, field="because")
    one.state, one.because = step.after, because
    one.save(update_fields=["state", "because"])
    audit.record(step.action, one, by=by, person=_person_of(one))
    return one


def clue_registered(*, clue: Clue, patient: Patient, by: User) -> None:
    """The clue of a listed person ended in a file: the township has answered by doing. Named in settings.CLUE_REGISTERED."""
    one = Difference.objects.select_for_update(of=("self",)).filter(clue=clue, state=S.OPEN).first()
    if one is None or one.found != RowClass.ONLY_THEIRS:
        return
    one.conclusion, one.evidence, one.words = C.ON_FILE, "file", "按线索建档或关联在册档案"
    one.patient = patient
    one.state, one.answered_at, one.answered_by = S.ANSWERED, timezone.now(), by
    one.save()
    audit.record("exchange.difference.answered", one, by=by, person=patient.uuid, facts={"conclusion": one.conclusion})
