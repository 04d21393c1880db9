"""What happens to the register after the import: the same acts the product's services perform, on plain facts."""

from dataclasses import replace
from datetime import date

from .facts import Person, Record, Register
from .reading import Row, record_of


def add_visit(register: Register, key: str, row: Row) -> Record:
    record = record_of(row, register.next_entry())
    register.people[key].records.append(record)
    return record


def correct_visit(register: Register, key: str, old: Record, row: Row) -> Record:
    """The corrected record stands where the old one stood: its place among the entries of a day does not change."""
    person = register.people[key]
    person.records.remove(old)
    new = replace(record_of(row, 0), entered=old.entered)
    person.records.append(new)
    return new


def move(register: Register, key: str, on: date, township: str) -> None:
    register.people[key].townships.append((on, township))


def end(register: Register, key: str, on: date) -> None:
    register.people[key].ended_on.append(on)


def rediagnose(register: Register, key: str, on: date, code: str) -> None:
    person: Person = register.people[key]
    person.diagnoses = [entry for entry in person.diagnoses if entry[0] != on] + [(on, code)]
