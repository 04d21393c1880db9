"""From drawn rows to the register: everything goes in through the import services, as a county's own files would."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from uuid import NAMESPACE_OID, uuid5

from accounts.models import Division, User
from accounts.queries.places import townships_under, villages_under
from accounts.scope import scope
from config.demo import names
from config.demo.chance import dice
from config.demo.facts import Made, Person, Township, Village
from config.demo.staff import DemoAccount, demo_towns
from config.demo.visits import visit_rows
from followup.rules.facts import VisitFacts
from followup.services.visit_import import import_visits
from followup.services.visits import record_visit
from registry.models import Patient
from registry.rules.table import Counts, Table, make_table
from registry.services.identity import id_index
from registry.services.importing import ImportResult
from registry.services.moves import move_patient
from registry.services.patient_import import import_patients
from registry.services.population_import import import_population
from registry.services.status import set_status

Say = Callable[[str], None]
PEOPLE_AT_ONCE = 1_500  # a few ten thousand visits: some hundred MB as rows
MOVED_SHARE, MOST_MOVED = 0.01, 20
STATUS_SHARES = {"away": 0.012, "lost": 0.006, "refused": 0.008, "detained": 0.002}
STATUS_REASONS = {
    "away": "外出务工，家属知道去处。",
    "lost": "连续三次未访到，家属不知去向。",
    "refused": "家属拒绝随访，已说明政策。",
    "detained": "在监管场所，由监管医疗机构治疗。",
}
# level, basis, how often 轻度滋事, how often 肇事
ALARMS = (
    (3, "与邻居争执后砸坏自家和邻居门窗，家属劝不住，派出所到场后停止。", 1, 0),
    (4, "连续两天在村道上持棍追打路人，家属和村干部劝不住。", 0, 1),
)


class NotMade(Exception):
    """A synthetic row was refused: the generator and the rules disagree, which is a mistake of ours."""


def draw_towns(county: Division, *, seed: int) -> list[Township]:
    """The county's townships with their villages; one with none stands for itself."""
    found = []
    for town in townships_under(county):
        draw = dice(town.code, seed, "town")
        villages = tuple(Village(village.code, village.usual_name) for village in villages_under(town))
        doctor = names.full_name(draw, draw.choice("12"))
        found.append(
            Township(
                town.code, town.name, villages or (Village(town.code, town.name),), doctor, draw.uniform(0.88, 0.985)
            )
        )
    return found


def load_people(made: Made, *, by: User, say: Say) -> None:
    """Population and files, by the import services. Raises: NotMade."""
    _all_in("population", import_population(table=as_table(made.population), by=by), say)
    _all_in("patients", import_patients(table=as_table([person.row for person in made.people]), by=by), say)


def load_visits(
    made: Made, towns: Sequence[Township], *, area: str, years: int, seed: int, today: date, by: User, say: Say
) -> None:
    """Years of visits, some hundred people at a time. Raises: NotMade."""
    by_code = {town.code: town for town in towns}
    total = Counts()
    for start in range(0, len(made.people), PEOPLE_AT_ONCE):
        rows: list[dict[str, str]] = []
        for person in made.people[start : start + PEOPLE_AT_ONCE]:
            rows += visit_rows(person, by_code[person.township], area=area, years=years, seed=seed, today=today)
        if rows:
            result = import_visits(table=as_table(rows), by=by)
            _refuse_refusals("visits", result)
            total.created += result.counts.created
            total.updated += result.counts.updated
            total.unchanged += result.counts.unchanged
    say(f"visits: {total.line()}")


def _all_in(what: str, result: ImportResult, say: Say) -> None:
    _refuse_refusals(what, result)
    say(f"{what}: {result.counts.line()}")


def _refuse_refusals(what: str, result: ImportResult) -> None:
    if result.counts.refused:
        first = next(refusal for refusal in result.refusals if not refusal.remark)
        raise NotMade(f"{what}: {result.counts.refused} rows refused, first: {first}")


def as_table(rows: Iterable[dict[str, str]]) -> Table:
    """A sheet with every column that any row has."""
    listed = list(rows)
    headers = list(dict.fromkeys(column for row in listed for column in row))
    return make_table([headers, *([row.get(column) for column in headers] for row in listed)])


def turn_lives(made: Made, county: Division, *, area: str, seed: int, today: date, by: User) -> None:
    """A few people away, lost, refusing or detained, and a few moved to another township of the county."""
    draw = dice(area, seed, "lives")
    towns = {town.code: town for town in townships_under(county)}
    moved = 0
    for person in made.people:
        chance, days, where = draw.random(), draw.randint(15, 80), draw.choice(sorted(towns))
        on = today - timedelta(days=days)
        if person.ends_on is not None or person.opened_on >= on - timedelta(days=30):
            continue
        status = _status_for(chance)
        if status:
            _turn(person, status, on, by)
        elif chance > 1 - MOVED_SHARE and where != person.township and moved < MOST_MOVED:
            moved += 1
            _move(person, towns[where], on, by)


def _status_for(chance: float) -> str:
    limit = 0.0
    for status, share in STATUS_SHARES.items():
        limit += share
        if chance < limit:
            return status
    return ""


def _turn(person: Person, status: str, on: date, by: User) -> None:
    with scope(by):
        patient = _patient(person)
        if patient and patient.status == "managed":
            set_status(patient=patient, value=status, on=on, by=by, reason=STATUS_REASONS[status])


def _move(person: Person, to: Division, on: date, by: User) -> None:
    with scope(by):
        patient = _patient(person)
        if patient and patient.duty_township != to.pk:
            village = villages_under(to).first()
            address = f"{village.usual_name if village else to.name}1组8号"
            move_patient(
                patient=patient, on=on, to_township=to, by=by, reason="随子女迁居", village=village, address=address
            )


def raise_alarms(made: Made, county: Division, accounts: Sequence[DemoAccount], *, seed: int, today: date) -> int:
    """A level 3 and a level 4 of the last days in each demo township, entered by its worker: inboxes are not empty."""
    users = {account.area: account.username for account in accounts if account.role == "township_worker"}
    raised = 0
    for town in demo_towns(county):
        worker = User.objects.select_related("agency__division").get(username=users[town.code])
        there = [one for one in made.people if one.township == town.code and one.ends_on is None and not one.left_alone]
        there = [one for one in there if one.opened_on < today - timedelta(days=30)]
        waiting = iter(there)
        for level, basis, minor, serious in ALARMS:
            facts = VisitFacts(
                visited_on=today - timedelta(days=level - 3), form="2", seen=("1", "2"), level=level, basis=basis,
                symptoms=(1, 3, 7), obvious_symptoms=True, insight=3, sleep=3, diet=2, self_care=2, housework=2, work=9,
                learning=2, social=3, locked=1, hospital=0, lab=1, adherence=2, side_effect=1, effect=4, referral=1,
                doctor_name=worker.display_name, minor_trouble=minor, trouble=serious,
            )  # fmt: skip
            key = f"{town.code}|{seed}|{level}|{facts.visited_on}"
            raised += any(_record(person, facts, worker, key) for person in waiting)
    return raised


def _record(person: Person, facts: VisitFacts, worker: User, key: str) -> bool:
    with scope(worker):
        patient = _patient(person)
        if patient is None or patient.closed_on:
            return False
        return record_visit(patient=patient, facts=facts, form_id=uuid5(NAMESPACE_OID, key), by=worker).created


def _patient(person: Person) -> Patient | None:
    return Patient.objects.filter(id_index=id_index(person.id_number)).first()
