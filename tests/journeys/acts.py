"""Random acts after an import: each done once through the product's services and once on the oracle's plain facts."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

from accounts.models import Division, User
from accounts.scope import scope
from followup.models import Visit
from followup.rules.facts import Choice, VisitFacts
from followup.services.corrections import correct_visit
from followup.services.visits import record_visit
from registry.models import Patient
from registry.rules.person import PersonFacts
from registry.services.changes import change_patient
from registry.services.identity import id_index
from registry.services.moves import move_patient
from registry.services.status import close_patient, set_status
from tests.journeys.care_acts import CareActs
from tests.oracle import edits
from tests.oracle.facts import Person, Record, Register
from tests.oracle.people import DIAGNOSES, Row
from tests.oracle.visits import SOCIAL, VisitMaker

NUMBERS = {
    "危险性": "level", "自知力": "insight", "睡眠": "sleep", "饮食": "diet", "住院情况": "hospital",
    "用药依从性": "adherence", "药物不良反应": "side_effect", "治疗效果": "effect", "关锁情况": "locked",
    "实验室检查": "lab", "是否转诊": "referral",
    **dict(zip(SOCIAL, ("self_care", "housework", "work", "learning", "social"), strict=True)),
}  # fmt: skip
COUNTS = {"轻度滋事": "minor_trouble", "肇事": "trouble", "肇祸": "crime"}


def facts_of(row: Row) -> VisitFacts:
    """A file row as the form would say it."""
    return VisitFacts(
        visited_on=date.fromisoformat(row["随访日期"]),
        form=row["随访形式"],
        seen=tuple(row["随访对象"].split(";")),
        lost_reason=row["失访原因"],
        symptoms=tuple(int(code) for code in row["目前症状"].split(";") if code),
        obvious_symptoms=row["症状明显"] == "1",
        discharged_on=date.fromisoformat(row["末次出院日期"]) if row["末次出院日期"] else None,
        doctor_name=row["随访医生"],
        **{name: int(row[column]) if row[column] else None for column, name in NUMBERS.items()},
        **{name: int(row[column] or 0) for column, name in COUNTS.items()},
    )


class Acts:
    """Draws acts by a seed; `do(n)` performs n of them and keeps both registers in step."""

    def __init__(self, register: Register, by: User, *, seed: int, today: date) -> None:
        self.register, self.by, self.today = register, by, today
        self.rng = random.Random(f"acts/{seed}/{today}")
        self.maker = VisitMaker(self.rng, today)
        self.townships = {place.code: place for place in Division.objects.filter(level="township")}
        self.done: dict[str, int] = {}
        inside = [place for place in self.townships.values() if place.code.startswith(by.agency.division.code)]
        self.care = CareActs(register, by, inside, self._person, rng=self.rng, today=today)

    def do(self, times: int) -> None:
        acts: list[Callable[[], bool]] = [
            *[self.new_visit] * 8, *[self.correction] * 10, *[self.move] * 3, self.death, self.removal, self.taken_back,
            self.diagnosis, self.status, *[self.care.handed_out] * 3, *[self.care.incident] * 2, *[self.care.stayed] * 2,
            self.care.injected, *[self.care.examined] * 2, self.care.guarded, self.care.planned, self.care.posted,
        ]  # fmt: skip
        while sum(self.done.values()) < times:
            act = self.rng.choice(acts)
            with scope(self.by):
                if act():
                    self.done[act.__name__] = self.done.get(act.__name__, 0) + 1

    # who and when

    def _person(self, *, open_file: bool = True) -> tuple[Person, Patient]:
        while True:
            person = self.rng.choice(list(self.register.people.values()))
            if len(person.key) == 18 and (person.closed_on() is None) is open_file:
                return person, Patient.objects.get(id_index=id_index(person.key))

    def _day(self, first: date) -> date | None:
        days = (self.today - first).days
        return first + timedelta(days=self.rng.randrange(days + 1)) if days >= 0 else None

    # acts

    def new_visit(self) -> bool:
        person, patient = self._person()
        day = self._day(max(date(self.today.year - 2, 1, 1), person.opened_on - timedelta(days=60)))
        assert day is not None
        row = self._row_without_choice(person, day)
        record_visit(patient=patient, facts=facts_of(row), form_id=uuid4(), by=self.by)
        edits.add_visit(self.register, person.key, row)
        return True

    def correction(self) -> bool:
        """Another content, now and then another date; also of people whose file has ended."""
        person, patient = self._person(open_file=self.rng.random() < 0.85)
        if not person.records:
            return False
        old = self.rng.choice(person.records)
        last = (person.closed_on() or self.today + timedelta(days=1)) - timedelta(days=1)
        day = old.visited_on
        if self.rng.random() < 0.4:
            day = min(last, max(day + timedelta(days=self.rng.randrange(-120, 120)), date(self.today.year - 2, 1, 1)))
        if day > last:
            return False
        row = self._row_without_choice(person, day)
        visit = self._stored(person, patient, old)
        correct_visit(root=visit.root, version=visit.version, facts=facts_of(row), by=self.by, choice=Choice())
        edits.correct_visit(self.register, person.key, old, row)
        return True

    def move(self) -> bool:
        person, patient = self._person()
        here = person.township(self.today)
        on = self._day(max(start for start, _value in person.townships) + timedelta(days=1))
        there = self.rng.choice([code for code in self.townships if code[:6] == here[:6] and code != here])
        if on is None or on <= person.opened_on:
            return False
        move_patient(patient=patient, on=on, to_township=self.townships[there], by=self.by, reason="迁居")
        edits.move(self.register, person.key, on, there)
        return True

    def death(self) -> bool:
        return self._end("dead", death_cause="1")

    def removal(self) -> bool:
        return self._end(self.rng.choice(("moved_out", "excluded")))

    def _end(self, value: str, **more: str) -> bool:
        person, patient = self._person()
        last_visit = max((r.visited_on for r in person.records), default=person.opened_on)
        starts = [start for start, _value in (*person.endings, *person.townships)] + list(self._status_starts(patient))
        on = self._day(max([last_visit, person.opened_on, *starts]) + timedelta(days=1))
        if on is None:
            return False
        close_patient(patient=patient, value=value, on=on, by=self.by, reason="家属告知", **more)
        edits.end(self.register, person.key, on)
        return True

    def taken_back(self) -> bool:
        """A closing that never was, or a return after it."""
        person, patient = self._person(open_file=False)
        newest = max(start for start, _value in person.endings)
        on = newest if self.rng.random() < 0.5 else self._day(newest)
        if on is None:
            return False
        set_status(patient=patient, value="managed", on=on, by=self.by, reason="登记有误")
        edits.take_back_the_end(self.register, person.key, on)
        return True

    def diagnosis(self) -> bool:
        """A new diagnosis from a later day; days on which it would only correct the present one are left out."""
        person, patient = self._person()
        begun = max(start for start, _code in person.diagnoses)
        on = self._day(max(begun, patient.diagnosed_on or begun) + timedelta(days=1))
        code = self.rng.choice([c for c in DIAGNOSES if c != person.diagnosis(self.today)])
        if on is None:
            return False
        said = PersonFacts(diagnosis=code, diagnosed_on=on)
        change_patient(patient=patient, said=said, by=self.by, version=patient.version)
        edits.rediagnose(self.register, person.key, on, code)
        return True

    def status(self) -> bool:
        """失访、外出、拒访 change nothing about being on the register."""
        person, patient = self._person()
        now = patient.status
        if now != "managed":
            return False
        starts = [person.opened_on, *self._status_starts(patient), *(start for start, _value in person.endings)]
        on = self._day(max(starts) + timedelta(days=1))
        if on is None:
            return False
        set_status(
            patient=patient, value=self.rng.choice(("away", "refused", "lost")), on=on, by=self.by, reason="外出"
        )
        return True

    def _status_starts(self, patient: Patient) -> list[date]:
        return list(patient.statuses.values_list("starts_on", flat=True))

    def _row_without_choice(self, person: Person, day: date) -> Row:
        """Class and next date as the rule gives them."""
        return self.maker.row(person.key, day) | {"随访分类": "", "下次随访日期": "", "用药1": ""}

    def _stored(self, person: Person, patient: Patient, record: Record) -> Visit:
        """Two records may share day and form (after a correction): then the order of entry tells them apart."""
        twins = [r.entered for r in person.records if (r.visited_on, r.form) == (record.visited_on, record.form)]
        stored = Visit.objects.current().filter(patient=patient, visited_on=record.visited_on, form=record.form)
        rows = list(stored.select_related("root__patient").order_by("root_id"))
        assert len(rows) == len(twins)
        return rows[sorted(twins).index(record.entered)]
