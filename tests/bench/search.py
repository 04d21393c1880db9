"""Search by ID number, name and initials against fetching one patient by key, both as a township worker."""

from datetime import date

from django.utils import timezone

from accounts.models import Division, User
from accounts.scope import scope
from registry.doors import patients_for
from registry.models import Patient
from registry.queries.lists import FOUND_AT_MOST, Sought, found
from registry.rules.search import read_word
from tests.bench.measure import Result, compare
from tests.bench.worklist import busiest_township, worker_of

GOAL = 5.0  # performance §9 row 13, of the 95th percentiles
ROUNDS = 150


def words_of(town: Division, today: date) -> list[Sought]:
    """One number, one name, initials of two letters: of people who live there."""
    person = Patient.objects.filter(duty_township=town.pk, closed_on=None).exclude(id_index=None).order_by("id").first()
    assert person, "nobody lives in the busiest township"
    typed = (person.id_number, person.name[:2], person.initials[:2])
    return [Sought(word.kind, word.text) for word in (read_word(text, today=today) for text in typed)]


def check(user: User, town: Division, words: list[Sought]) -> None:
    """The indexes find whom a look at every row finds."""
    everybody = list(Patient.objects.filter(duty_township=town.pk))
    tests = {
        "id_number": lambda person, word: person.id_number == word,
        "name": lambda person, word: person.name.startswith(word),
        "initials": lambda person, word: person.initials.startswith(word) or person.pinyin.startswith(word),
    }
    for sought in words:
        expected = {person.pk for person in everybody if tests[sought.kind](person, sought.word)}
        answer = {person.pk for person in found(patients_for(user), sought)}
        assert answer <= expected, f"{sought.kind}: somebody who was not sought"
        assert len(answer) == min(len(expected), FOUND_AT_MOST), f"{sought.kind}: somebody is missing"


def bench() -> Result:
    today = timezone.localdate()
    town, _ = busiest_township()
    user = worker_of(town)
    with scope(user):
        words = words_of(town, today)
        check(user, town, words)
        keys = list(patients_for(user).values_list("pk", flat=True)[: len(words)])

        def ours() -> int:
            return sum(len(found(patients_for(user), sought)) for sought in words)

        def base() -> int:
            return sum(len(patients_for(user).filter(pk=key)) for key in keys)

        result = compare("search", ours, base, goal=GOAL, rounds=ROUNDS, worst=True)
    result.facts.update(kinds=[sought.kind for sought in words], found=[len(words)])
    return result
