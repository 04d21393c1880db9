"""What happens to the register after the import: the same acts the product's services perform, on plain facts."""

from dataclasses import replace
from datetime import date

from .facts import OFF, ON, Post, Record, Register
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
    _put(register.people[key].townships, on, township)


def end(register: Register, key: str, on: date) -> None:
    _put(register.people[key].endings, on, OFF)


def take_back_the_end(register: Register, key: str, on: date) -> None:
    """Said for the closing's own day the closing never held."""
    _put(register.people[key].endings, on, ON)


def rediagnose(register: Register, key: str, on: date, code: str) -> None:
    _put(register.people[key].diagnoses, on, code)


def guard(register: Register, key: str, on: date, state: str) -> None:
    _put(register.people[key].guardianships, on, state)


def leave_post(post: Post, on: date) -> None:
    post.until = on


def _put(history: list[tuple[date, str]], on: date, value: str) -> None:
    """One entry a day: the same day said again replaces it."""
    history[:] = [entry for entry in history if entry[0] != on] + [(on, value)]
