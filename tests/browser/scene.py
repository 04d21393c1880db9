"""A county on one working day, as the demo makes it: what the pages of the walk show."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Division, User
from accounts.scope import scope
from exchange.models import (
    Alert,
    EmergencyRequest,
    Package,
    PackageRefusal,
    PersonNotice,
    PersonNoticeCopy,
    PortalStop,
)
from exchange.services.delivering import deliver_due
from exchange.services.packages import sign_package
from exchange.services.refusals import close_package
from followup.models import Attempt, ColourFall, ColourTable, Dispensing, Emergency, Incident, Plan, Prescription, Visit
from followup.services.attempts import record_missed
from registry.models import Clue, DischargeNotice, Objection, Patient, ReportCard, TemporaryFile, Transfer
from registry.rules.person import PersonFacts
from registry.services.objections import propose_closing, record_objection
from registry.services.registration import register_patient
from reports.models import Freeze, PlanReport, ReportedValue
from reports.services.plan_reports import render_report, waiting_reports
from tests.browser.scene_exchange import ExchangeScene
from tests.browser.scene_ledger import LedgerScene

AREA = "500242"
PLAN = "youyang-2023"
YEARS = 2


def make_county(accounts: Path, patients: int) -> None:
    call_command("load_divisions", verbosity=0)
    call_command("load_plan", PLAN, verbosity=0)
    call_command("make_county", area=AREA, patients=patients, years=YEARS, accounts=accounts, verbosity=0)
    deliver_due()
    _half_worked()


def as_person(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username), backend="accounts.backends.AccountBackend")
    return client


def _half_worked() -> None:
    """What has been done since the morning: an alert signed, a value entered, a report asked for."""
    scene = Scene()
    assert as_person("police1").post(reverse("exchange:acknowledge", args=[scene.alert])).status_code == 302
    value = {"period_to": "2026-09-30", "numerator": "1", "evidence": "2025 年 3 月通过等级评审"}
    asked = {"pack": PLAN, "as_of": "2026-09-30"}
    commission = as_person("commission1")
    assert commission.post(reverse("reports:reported_new", args=[PLAN, "secondary_centre"]), value).status_code == 302
    assert commission.post(reverse("reports:report"), asked).status_code == 302
    for uuid in waiting_reports():
        render_report(uuid)
    _somebody_without_papers(scene.person("worker1"))


def _somebody_without_papers(worker: User) -> None:
    village = Division.objects.filter(parent=worker.assignments.get().division).order_by("code").first()
    facts = PersonFacts(
        name="无名氏", no_id_reason="流浪，说不清来历", residence_code=village.code, diagnosis="01", sex="1",
        diagnosed_on=date(2026, 1, 5), opened_on=date(2026, 1, 6), residence_address="救助站",
    )  # fmt: skip
    with scope(worker):
        register_patient(facts=facts, by=worker)


class Scene(ExchangeScene, LedgerScene):
    """What the addresses of the pages name. Everything is read once, in the reach of the whole county."""

    def person(self, name: str) -> User:
        return User.objects.select_related("agency__division").get(username=name)

    @contextmanager
    def county(self) -> Iterator[Division]:
        county = Division.objects.get(code=AREA)
        with scope(counties=[county.pk]):
            yield county

    @cached_property
    def account(self) -> UUID:
        return self.person("worker1").uuid

    @cached_property
    def visit_row(self) -> Any:
        """The newest complete record of level 3 or more in the first worker's township."""
        town = self.person("worker1").assignments.get().division_id
        with self.county():
            rows = Visit.objects.filter(
                duty_township=town, is_current=True, patient__closed_on=None, level__isnull=False
            )
            return rows.select_related("root", "patient").order_by("-level", "-visited_on").first()

    @cached_property
    def patient(self) -> UUID:
        return self.visit_row.patient.uuid

    def _notice(self, state: str) -> UUID:
        town = self.person("worker1").assignments.get().division_id
        with self.county():
            rows = PersonNotice.objects.filter(duty_township=town, state=state)
            return rows.order_by("pk").values_list("uuid", flat=True)[0]

    @cached_property
    def sent_notice(self) -> UUID:
        return self._notice("sent")

    @cached_property
    def proposed_notice(self) -> UUID:
        return self._notice("proposed")

    @cached_property
    def asked_notice(self) -> UUID:
        return self._notice("pending")

    @cached_property
    def my_notice(self) -> UUID:
        """The police's copy that they have signed for."""
        with self.county():
            rows = PersonNoticeCopy.objects.filter(agency=self.person("police1").agency, acknowledged_at__isnull=False)
            return rows.values_list("uuid", flat=True)[0]

    @cached_property
    def no_id(self) -> UUID:
        with self.county():
            return Patient.objects.exclude(no_id_reason="").get().uuid

    @cached_property
    def visit(self) -> UUID:
        return self.visit_row.root.uuid

    @cached_property
    def incident(self) -> UUID:
        """The newest incident of the first worker's township."""
        return self._newest(Incident, "happened_at", clue=None)

    @cached_property
    def clue_incident(self) -> UUID:
        """An incident of somebody without a file."""
        return self._newest(Incident, "happened_at", patient=None)

    @cached_property
    def package(self) -> UUID:
        return Package.objects.get(state="prepared", situation="quarterly", agency__kind="police").uuid

    @cached_property
    def sent_package(self) -> UUID:
        return Package.objects.get(state="released", situation="quarterly", agency__kind="political_legal").uuid

    @cached_property
    def closed_package(self) -> UUID:
        """Another office's, closed before its receipts were complete."""
        found = Package.objects.filter(closing__isnull=False).first()
        if found is None:
            found = Package.objects.filter(state="prepared", agency__kind="political_legal").first()
            for name in ("commission1", "privacy1"):
                with scope(self.person(name)):
                    found = sign_package(package=found, seen=found.content_sha256, by=self.person(name))
            with scope(self.person("exchange1")):
                close_package(package=found, because="演示：单位撤并", by=self.person("exchange1"))
        return found.uuid

    @cached_property
    def refusal(self) -> UUID:
        with self.county():
            return PackageRefusal.objects.order_by("pk")[0].uuid

    @cached_property
    def emergency_request(self) -> UUID:
        with self.county():
            return EmergencyRequest.objects.order_by("pk")[0].uuid

    @cached_property
    def stop(self) -> UUID:
        """The officer of the second township has opened too many people."""
        found = PortalStop.objects.first()
        if found is None:
            officer, county = self.person("police2"), Division.objects.get(code=AREA)
            with scope(officer), connection.cursor() as cursor:
                cursor.execute("SELECT exchange_stop(61, now(), %s)", [county.pk])
            found = PortalStop.objects.get()
        return found.uuid

    @cached_property
    def objection(self) -> UUID:
        worker = self.person("worker1")
        with scope(worker):
            patient = Patient.objects.get(uuid=self.patient)
            found = Objection.objects.filter(patient=patient, about="facts").first() or record_objection(
                patient=patient, on=date(2026, 1, 5), made_by="guardian", about="facts", words="电话号码不对", by=worker
            )
        return found.uuid

    @cached_property
    def objection_waiting(self) -> UUID:
        """Another one, which the worker has written down as taken back; the office confirms."""
        worker = self.person("worker1")
        with scope(worker):
            patient = Patient.objects.get(uuid=self.patient)
            found = Objection.objects.filter(patient=patient, about="sharing").first() or record_objection(
                patient=patient,
                on=date(2026, 1, 6),
                made_by="patient",
                about="sharing",
                words="不想让单位知道",
                by=worker,
            )
            if not found.waits:
                propose_closing(
                    objection=found, on=date(2026, 2, 3), asked_by="patient", words="已经说清楚，不再有意见", by=worker
                )
        return found.uuid

    @cached_property
    def case_plan(self) -> UUID:
        return self._newest(Plan, "pk", kind="case")

    @cached_property
    def case_patient(self) -> UUID:
        with self.county():
            return Plan.objects.get(uuid=self.case_plan).patient.uuid

    @cached_property
    def colour_draft(self) -> UUID:
        return ColourTable.objects.get(state="draft").uuid

    @cached_property
    def better_patient(self) -> UUID:
        """Whose colour may fall, before anybody has assessed it."""
        town = self.person("worker1").assignments.get().division_id
        with self.county():
            found = ColourFall.objects.filter(duty_township=town, state="proposed").order_by("pk")
            return found.values_list("patient__uuid", flat=True)[0]

    @cached_property
    def emergency_open(self) -> UUID:
        return self._newest(Emergency, "started_at", state="opened")

    @cached_property
    def emergency_written(self) -> UUID:
        return self._newest(Emergency, "started_at", state="written")

    @cached_property
    def prescription(self) -> UUID:
        return self._newest(Prescription, "starts_on", ends_on=None, interval_days__isnull=False)

    @cached_property
    def dispensing(self) -> UUID:
        return self._newest(Dispensing, "handed_on", struck_at=None)

    def _newest(self, model: Any, by: str, **facts: Any) -> UUID:
        town = self.person("worker1").assignments.get().division_id
        with self.county():
            found = model.objects.filter(duty_township=town, **facts).order_by(f"-{by}").first()
            return UUID(str(found.uuid))

    @cached_property
    def attempt(self) -> UUID:
        worker = self.person("worker1")
        with scope(worker):
            patient = Patient.objects.get(uuid=self.patient)
            record_missed(patient=patient, on=timezone.localdate(), reason="1", form_id=uuid4(), by=worker)
            return Attempt.objects.filter(patient=patient).latest("pk").uuid

    @cached_property
    def away_patient(self) -> UUID:
        """Somebody of the first worker's township whose journey was to end on a day."""
        return self._newest(Patient, "pk", status="away", closed_on=None)

    @cached_property
    def alert(self) -> UUID:
        """The gravest open case of the first police station."""
        with self.county():
            return Alert.objects.filter(agency=self.person("police1").agency).order_by("-level", "pk").first().uuid

    @cached_property
    def temporary_file(self) -> UUID:
        with self.county():
            return TemporaryFile.objects.order_by("opened_on", "pk").first().uuid

    @cached_property
    def transfer(self) -> UUID:
        with self.county():
            return Transfer.objects.order_by("proposed_at", "pk").first().uuid

    @cached_property
    def value(self) -> UUID:
        return ReportedValue.objects.open().get(key="secondary_centre").uuid

    @cached_property
    def report(self) -> UUID:
        return PlanReport.objects.get().uuid

    @cached_property
    def freeze(self) -> UUID:
        return Freeze.objects.get(kind="quarter").uuid

    @cached_property
    def closed_patient(self) -> UUID:
        with self.county():
            return Patient.objects.exclude(closed_on=None).order_by("pk").first().uuid

    def of_first_town(self, model: Any, state: str) -> UUID:
        """A clue, card or notice of the first worker's township in this state."""
        town = self.person("worker1").assignments.get().division_id
        with self.county():
            return model.objects.filter(township=town, state=state).order_by("pk").first().uuid

    @cached_property
    def clue(self) -> UUID:
        return self.of_first_town(Clue, "visited")

    @cached_property
    def new_clue(self) -> UUID:
        return self.of_first_town(Clue, "reported")

    @cached_property
    def sent_clue(self) -> UUID:
        return self.of_first_town(Clue, "sent")

    @cached_property
    def card(self) -> UUID:
        return self.of_first_town(ReportCard, "sent")

    @cached_property
    def held_card(self) -> UUID:
        return self.of_first_town(ReportCard, "at_county")

    @cached_property
    def draft_card(self) -> UUID:
        return self.of_first_town(ReportCard, "draft")

    @cached_property
    def discharge(self) -> UUID:
        return self.of_first_town(DischargeNotice, "sent")
