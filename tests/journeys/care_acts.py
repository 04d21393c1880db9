"""Acts beside the visits: medicine handed out, injections, examinations, guardianship, plans, posts; done twice."""

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from django.utils import timezone

from accounts.models import Division, User
from followup.models import Prescription
from followup.rules.checkups import CheckupFacts
from followup.rules.incidents import IncidentFacts
from followup.rules.injections import InjectionFacts
from followup.rules.plans import PlanFacts
from followup.rules.prescriptions import PrescriptionFacts
from followup.rules.supplies import SupplyFacts
from followup.services.checkups import record_checkup
from followup.services.dispensing import dispense
from followup.services.incidents import confirm_incident, record_incident
from followup.services.injections import record_injection
from followup.services.plans import make_plan
from followup.services.prescriptions import prescribe
from followup.services.striking import strike
from followup.terms import PlanKind
from registry.models import Admission, Patient
from registry.services.around import set_guardianship
from registry.services.teams import end_staff, place_staff
from tests.oracle import edits
from tests.oracle.facts import Person, Post, Register

LONG = "棕榈酸帕利哌酮注射液"
Who = Callable[[], tuple[Person, Patient]]


class CareActs:
    """Each act draws somebody by `who` and answers whether it was done."""

    def __init__(
        self, register: Register, by: User, townships: list[Division], who: Who, *, rng: random.Random, today: date
    ) -> None:
        self.register, self.by, self.townships, self.who = register, by, townships, who
        self.rng, self.today = rng, today
        self.slots: list[tuple[Division, UUID, Post]] = []

    def _day(self, patient: Patient) -> date:
        """In this year or the last, and never before birth."""
        first = max(date(self.today.year - 1, 1, 1), patient.birth_on or date(self.today.year - 1, 1, 1))
        return first + timedelta(days=self.rng.randrange((self.today - first).days + 1))

    def handed_out(self) -> bool:
        person, patient = self.who()
        on, second = self._day(patient), self.rng.random() < 0.7
        said = SupplyFacts(
            name="奥氮平" if second else "氟哌啶醇", handed_on=on, amount=Decimal(1), pack="1", batch="B1", days=30,
            receiver="1", handed_by="冉医生",
        )  # fmt: skip
        row = dispense(patient=patient, facts=said, form_id=uuid4(), by=self.by)
        if self.rng.random() < 0.15:
            strike(row, because="发错了人", by=self.by)
        elif second:
            person.free_second.append(on)
        return True

    def injected(self) -> bool:
        person, patient = self.who()
        if Prescription.objects.filter(patient=patient, name=LONG).exists():
            return False  # one course a person is enough: the spacing rule would refuse most of a random second one
        on = self._day(patient)
        order = PrescriptionFacts(name=LONG, every_weeks="4", each="100", prescriber="周医师", starts_on=on)
        under = prescribe(patient=patient, facts=order, form_id=uuid4(), by=self.by)
        said = InjectionFacts(given_on=on, dose="100", batch="L1", site="3", given_by="冉医生")
        record_injection(patient=patient, prescription=under.uuid, facts=said, form_id=uuid4(), by=self.by)
        person.shots.append((on, 28))
        return True

    def examined(self) -> bool:
        person, patient = self.who()
        on, done = self._day(patient), self.rng.random() < 0.75
        said = CheckupFacts(
            kind="yearly", checked_on=on, values={"weight": "60"} if done else {}, place="卫生院",
            outcome="done" if done else "refused", summary="未见异常" if done else "", reason="" if done else "本人不愿意",
        )  # fmt: skip
        record_checkup(patient=patient, facts=said, form_id=uuid4(), by=self.by)
        if done:
            person.exams.append(on)
        return True

    def guarded(self) -> bool:
        person, patient = self.who()
        on, state = max(self._day(patient), patient.opened_on), self.rng.choice(("effective", "weak", "none", "away"))
        if any(begun >= on for begun, _state in person.guardianships):
            return False
        set_guardianship(patient=patient, state=state, on=on, by=self.by)
        edits.guard(self.register, person.key, on, state)
        return True

    def planned(self) -> bool:
        person, patient = self.who()
        if person.plans:
            return False
        on = self._day(patient)
        said = PlanFacts(
            treatment="每月随访", guarding="家属看护", responsible="冉医生", starts_on=on,
            review_on=self.today + timedelta(days=30),
        )  # fmt: skip
        make_plan(patient=patient, kind=PlanKind.INDIVIDUAL, facts=said, by=self.by)
        person.plans.append(on)
        return True

    def incident(self) -> bool:
        """Reported and, mostly, confirmed; a small trouble is none of the two kinds that count."""
        person, patient = self.who()
        on, counts = max(self._day(patient), patient.opened_on), self.rng.random() < 0.8
        at = datetime.combine(on, time(0, 30), timezone.get_current_timezone())  # another day in UTC
        kind = {"trouble": 1} if self.rng.random() < 0.5 else {"crime": 1}
        said = IncidentFacts(happened_at=at, level=3, place="村口", **(kind if counts else {"minor_trouble": 1}))
        row = record_incident(about=patient, facts=said, form_id=uuid4(), by=self.by)
        if self.rng.random() < 0.75:
            confirm_incident(incident=row, source="1", by=self.by)
            if counts:
                person.events.append(on)
        return True

    def stayed(self) -> bool:
        """A stay of the past, as a list of a hospital brings it; half of them soon after an event."""
        person, patient = self.who()
        days = [day for day in person.events if day < self.today]
        first = self.rng.choice(days) + timedelta(days=self.rng.randrange(-5, 40)) if days else self._day(patient)
        last = min(first + timedelta(days=self.rng.randrange(40)), self.today)
        if first >= last or any(first <= until and last >= since for since, until in person.stays):
            return False
        Admission.objects.create(
            patient=patient, hospital_name="县精神卫生中心", admitted_on=first, discharged_on=last, entered_by=self.by
        )
        person.stays.append((first, last))
        return True

    def posted(self) -> bool:
        """Somebody begins, or somebody in post leaves."""
        if self.slots and self.rng.random() < 0.3:
            township, slot, post = self.slots.pop(self.rng.randrange(len(self.slots)))
            days = (self.today - post.since).days
            if days < 1:
                return False
            on = post.since + timedelta(days=self.rng.randrange(1, days + 1))
            end_staff(township=township, slot=slot, on=on, by=self.by)
            edits.leave_post(post, on)
            return True
        township = self.rng.choice(self.townships)
        on = self.today - timedelta(days=self.rng.randrange(1, 500))
        share = self.rng.choice((30, 50, 100))
        row = place_staff(township=township, on=on, name=f"人员{uuid4().hex[:6]}", share=share, by=self.by)
        post = Post(township.code, on, share)
        self.register.posts.append(post)
        self.slots.append((township, row.slot, post))
        return True
