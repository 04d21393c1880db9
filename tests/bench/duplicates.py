"""The duplicate check while a file is opened against fetching by key as many people as it compares.

Typed is what belongs to somebody on the register, so that the check has people to weigh: number, phone, name, day of
birth. The base asks once for each sign and fetches by primary key, in the same reach.
"""

from accounts.scope import scope
from registry.doors import patients_for
from registry.models import Patient
from registry.queries.duplicates import candidates
from registry.rules.likeness import SHOWN, Sketch
from tests.bench.measure import Result, compare
from tests.bench.worklist import busiest_township, worker_of

GOAL = 5.0  # performance §9 row 13, of the 95th percentiles
ROUNDS = 150
SIGNS = 4


def typed(person: Patient) -> Sketch:
    """What a form says of this person."""
    return Sketch(
        name=person.name, pinyin=person.pinyin, sex=person.sex, birth_on=person.birth_on,
        township=person.duty_township, village=person.village_id,
        phone=bytes(person.phone_index) if person.phone_index else None, address=person.residence_address,
        guardian="", number=bytes(person.id_index) if person.id_index else None,
    )  # fmt: skip


def bench() -> Result:
    town, _due = busiest_township()
    user = worker_of(town)
    with scope(user):
        mine = patients_for(user)
        people = list(
            Patient.objects.filter(duty_township=town.pk, closed_on=None)
            .exclude(id_index=None)
            .exclude(phone_index=None)
            .order_by("id")[:30]
        )
        sketches = [typed(person) for person in people]
        found = [candidates(mine, said) for said in sketches]
        for person, rows in zip(people, found, strict=True):
            assert rows[0].patient.pk == person.pk, "the person himself is not found first"
            assert len(rows) <= SHOWN
        turns = {"ours": 0, "base": 0}

        def ours() -> int:
            turns["ours"] += 1
            return len(candidates(patients_for(user), sketches[turns["ours"] % len(sketches)]))

        def base() -> int:
            turns["base"] += 1
            person = people[turns["base"] % len(people)]
            return sum(len(patients_for(user).filter(pk=person.pk)) for _sign in range(SIGNS))

        result = compare("duplicates", ours, base, goal=GOAL, rounds=ROUNDS, worst=True)
    result.facts.update(found=max(map(len, found)), signs=SIGNS)
    return result
