"""A clue (疑似患者线索) from the report to the file, and how it forgets whom the register never took in."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts import audit
from accounts.doors import authorise, where
from accounts.models import Agency, Division, User
from accounts.queries.policy import CountyRules
from accounts.reach import standing
from accounts.refusals import Denied, NotHere, Refused
from accounts.terms import AgencyKind, Permission
from registry.doors import patients_for
from registry.models import Clue, Patient
from registry.queries.clues import inside, of_person, workers_of
from registry.rules.clues import (
    FORGOTTEN,
    MACHINE,
    OVER,
    SETTLED,
    SOURCE_OF,
    ClueEntry,
    Outcome,
    check_entry,
    check_outcome,
    forget_on,
)
from registry.rules.person import PersonFacts
from registry.services.identity import id_index
from registry.services.refusals import FactsRefused
from registry.services.registration import register_patient
from registry.terms import ClueSource, ClueState

TOLD = Clue._meta.get_field("told")
S = ClueState


class NotYourPlace(Refused):
    code = "outside_area"
    message = "这个地方不在您的任职区域内。请从列表中选择。"

    def __init__(self) -> None:
        super().__init__(field="place")


@transaction.atomic
def enter_clue(*, entry: ClueEntry, form_id: UUID, by: User) -> bool:
    """Report a clue. False when this form had been sent before; nothing is repeated.

    Source: 表1-1, 表1-2. Runs as app or app_partner: the office and the person come from the transaction.
    Raises: Denied, FactsRefused (by field), NotYourPlace.
    """
    authorise(by, Permission.REPORT_CLUE)
    if problems := check_entry(entry, today=timezone.localdate()):
        raise FactsRefused(problems)
    new = uuid4()
    told = {name: value for name, value in entry.told.items() if value not in (None, "")}
    arguments: list[Any] = [
        new, form_id, entry.township, entry.village, entry.source, list(entry.items), entry.found_on,
        TOLD.seal(told, new), timezone.now(),
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT registry_enter_clue(%s, %s, %s, %s, %s, %s::smallint[], %s, %s, %s)", arguments)
        created = cursor.fetchone()[0]
    if created is None:
        raise NotYourPlace
    if created:
        facts = {"source": entry.source, "items": list(entry.items), "clue": str(new)}
        audit.record("registry.clue.reported", None, by=by, facts=facts)
    return bool(created)


def clue_from_list(
    *, township: Division, agency: Agency, handed_in_by: User, told: dict[str, Any], found_on: date, form_id: UUID
) -> Clue:
    """A clue for somebody whom another agency's list names and no file has: never a patient (issue 4, Build 6).

    Called where the list is compared, in the county's reach. The same `form_id` again: the clue that it made.
    """
    known = Clue.objects.filter(form_id=form_id).first()
    if known is not None:
        return known
    source = SOURCE_OF.get(AgencyKind(agency.kind), ClueSource.OTHER)
    row = Clue(
        form_id=form_id, township=township, county_id=township.parent_id or 0, agency=agency, entered_by=handed_in_by,
        source=source, found_on=found_on, told={name: word for name, word in told.items() if word},
    )  # fmt: skip
    row.save(force_insert=True)
    audit.record("registry.clue.reported", row, by=None, facts={"source": str(source), "from_list": True})
    return row


@transaction.atomic
def exclude_listed(*, clue: Clue, reason: str, by: User) -> None:
    """The township has looked: nobody of that name, moved, dead or no such illness. The clue ends by its own steps.

    A clue that a diagnosis or a file has ended stays as it is. Raises: Denied, NotHere, Refused.
    """
    clue = held_clue(clue, by)
    today = timezone.localdate()
    if clue.state in OVER or clue.state == S.CONFIRMED:
        return
    if clue.state == S.REPORTED:
        workers = workers_of(clue.township, today)
        if not workers:
            raise Refused("这个乡镇（街道）没有在岗的精防人员，请先安排，再办理。")
        clue = assign_clue(clue=clue, to=by if by in workers else workers[0], by=by)
    if clue.state in (S.ASSIGNED, S.WATCHED, S.DECLINED):
        clue = record_survey(clue=clue, on=today, items=tuple(clue.items), learned={"remark": reason}, by=by)
    settle_clue(clue=clue, outcome=Outcome(S.EXCLUDED, on=today, reason=reason), by=by)


def held_clue(clue: Clue, by: User) -> Clue:
    """The clue's row, held until the transaction ends, for one who handles clues there. Raises: Denied, NotHere."""
    reach = where(by, Permission.HANDLE_CLUE)
    if not (reach.townships or reach.counties):
        raise Denied
    row = Clue.objects.select_for_update().filter(inside(reach), pk=clue.pk).first()
    if row is None:
        raise NotHere
    return row


def _move(clue: Clue, after: ClueState, by: User, **facts: Any) -> None:
    """One step of the machine: state, row, trail. The trail holds codes and days, never words about the person."""
    step = MACHINE.step(clue.state, after)
    was, clue.state = clue.state, after
    if after in SETTLED and clue.settled_on is None:
        clue.settled_on = timezone.localdate()
    clue.save()
    audit.record(step.action, clue, by=by, facts={"from": was, "to": str(after), **facts})


@transaction.atomic
def assign_clue(*, clue: Clue, to: User, by: User) -> Clue:
    """分派 to a worker of the township, also anew while nobody has been there. Raises: Denied, NotHere, Refused."""
    clue = held_clue(clue, by)
    today = timezone.localdate()
    if clue.township is None or to not in workers_of(clue.township, today):
        raise FactsRefused.one("to", "请选择本乡镇（街道）在岗的精防人员。")
    clue.assigned_to, clue.assigned_on = to, today
    if clue.state == S.ASSIGNED:
        clue.save(update_fields=["assigned_to", "assigned_on"])
        audit.record("registry.clue.assigned", clue, by=by, facts={"to": str(to.uuid)})
    else:
        _move(clue, S.ASSIGNED, by, worker=str(to.uuid))
    return clue


@transaction.atomic
def record_survey(*, clue: Clue, on: date, items: tuple[int, ...], learned: dict[str, Any], by: User) -> Clue:
    """核实: what was found on the spot (表1-2); the nine questions may be answered anew. Raises: Denied, Refused."""
    clue = held_clue(clue, by)
    if on > timezone.localdate() or on < clue.found_on:
        raise FactsRefused.one("on", f"核实日期应在发现日期 {clue.found_on} 与今天之间。请核对日期。")
    clue.visited_on, clue.items, clue.again_on = on, list(items), None
    clue.learned = {**clue.survey, **{k: v for k, v in learned.items() if v not in (None, "")}}
    _move(clue, S.VISITED, by, visited=on.isoformat(), items=list(items))
    return clue


@transaction.atomic
def send_clue(*, clue: Clue, on: date, hospital: str, by: User) -> Clue:
    """送诊. Source: 精神卫生法 §28; diagnosis is a psychiatrist's alone. Raises: Denied, NotHere, Refused."""
    clue = held_clue(clue, by)
    if on > timezone.localdate() or (clue.visited_on and on < clue.visited_on):
        raise FactsRefused.one("on", f"送诊日期应在核实日期 {clue.visited_on} 与今天之间。请核对日期。")
    clue.learned = {**clue.survey, "sent_on": on.isoformat(), "sent_to": hospital}
    _move(clue, S.SENT, by, sent=on.isoformat())
    return clue


@transaction.atomic
def settle_clue(*, clue: Clue, outcome: Outcome, by: User) -> Clue:
    """确诊, 其他精神障碍, 排除, 观察 or 拒绝诊断; of a 确诊 nothing stays that a later word corrects.

    Source: 表1-2 诊断结果. Raises: Denied, NotHere, FactsRefused.
    """
    clue = held_clue(clue, by)
    said = clue.survey.get("sent_on") if clue.state == S.SENT else None
    since = date.fromisoformat(said) if said else clue.visited_on or clue.found_on
    corrects = clue.state == S.CONFIRMED
    if problems := check_outcome(outcome, since=since, today=timezone.localdate(), corrects=corrects):
        raise FactsRefused(problems)
    words = {"hospital": outcome.hospital, "doctor": outcome.doctor, "diagnosis": outcome.diagnosis,
             "icd10": outcome.icd10, "reason": outcome.reason, "result_on": outcome.on.isoformat()}  # fmt: skip
    kept = {name: value for name, value in clue.survey.items() if not (corrects and name in words)}
    clue.learned = {**kept, **{name: value for name, value in words.items() if value}}
    clue.again_on = outcome.again_on if outcome.state in (S.WATCHED, S.DECLINED) else None
    clue.settled_on = outcome.on if outcome.state in SETTLED else None
    _move(clue, outcome.state, by, on=outcome.on.isoformat())
    return clue


@transaction.atomic
def link_clue(*, clue: Clue, patient: Patient, by: User) -> Clue:
    """The person has a file: the clue ends in it. Raises: Denied, NotHere, Refused."""
    authorise(by, Permission.EDIT_PATIENT, patient)
    clue = held_clue(clue, by)
    clue.patient = patient
    _move(clue, S.REGISTERED, by)
    audit.record("registry.patient.clue_linked", clue, by=by, person=patient.uuid)
    for path in settings.CLUE_REGISTERED:
        import_string(path)(clue=clue, patient=patient, by=by)
    return clue


@transaction.atomic
def merge_clue(*, clue: Clue, into: Clue, by: User) -> Clue:
    """Told twice: the clue ends in the other one, and what hangs on it goes over. Nothing told is overwritten.

    Source: 表1-2 (one survey for one person). Raises: Denied, NotHere, Refused.
    """
    if clue.pk == into.pk:
        raise Refused("不能合并到它自己。")
    # always in this order, so that two at once do not wait for each other
    held = {row.pk: held_clue(row, by) for row in sorted((clue, into), key=lambda row: row.pk)}
    clue, into = held[clue.pk], held[into.pk]
    if into.state in OVER:
        raise Refused("要合并到的线索已经办结。已建档的，请关联在册档案。")
    clue.same_as, clue.again_on = into, None
    _move(clue, S.DUPLICATE, by, into=str(into.uuid))
    with connection.cursor() as cursor:
        cursor.execute("SELECT join_clue_records(%s)", [clue.pk])
    return into


def link_known_clues(*, patient: Patient, by: User) -> int:
    """Clues told with this person's number end in the file, as far as the person handles them."""
    if not patient.id_number or Permission.HANDLE_CLUE not in standing(by).permissions:
        return 0
    found = of_person(str(patient.id_number), by)
    for clue in found:
        link_clue(clue=clue, patient=patient, by=by)
    return len(found)


def register_from_clue(*, clue: Clue, facts: PersonFacts, by: User) -> Patient:
    """建档 of a confirmed clue. Not atomic by itself: a refused number stays counted. Raises: as register_patient."""
    if held_clue(clue, by).state != S.CONFIRMED:  # held: of two windows the second finds the file
        raise Refused("这条线索没有确诊，或者已经建档。请回到线索查看。")
    patient = register_patient(facts=facts, by=by)
    link_clue(clue=clue, patient=patient, by=by)
    return patient


def known_here(clue: Clue, by: User) -> Patient | None:
    """The file with the reported ID number, if the person may see it."""
    number = clue.report.get("id_number")
    return patients_for(by).filter(id_index=id_index(number)).first() if number else None


@transaction.atomic
def forget_clues(*, dry_run: bool = False) -> int:
    """Drop whatever says who was meant, of clues excluded long enough ago; state, source and place stay for the count.

    Source: 个人信息保护法 §47; county setting clue_forget_months. Runs in the system's scope; twice is harmless.
    """
    today = timezone.localdate()
    rules = CountyRules(today)
    rows = Clue.objects.select_for_update().filter(state__in=FORGOTTEN, forgotten_at=None, settled_on__lt=today)
    done = 0
    for clue in rows.order_by("pk"):
        months = int(rules[clue.county_id]["clue_forget_months"])
        if clue.settled_on is None or forget_on(clue.settled_on, months) > today:
            continue
        done += 1
        if not dry_run:
            clue.told, clue.learned, clue.items, clue.forgotten_at = None, None, [], timezone.now()
            clue.save(update_fields=["told", "learned", "items", "forgotten_at"])
            audit.record("registry.clue.forgotten", clue, by=None)
            for path in settings.CLUE_FORGOTTEN:
                import_string(path)(clue=clue)
    return done
