"""Opening, changing, closing and moving a file."""

from contextlib import closing
from datetime import date, timedelta

import psycopg2
import pytest
from django.db import connection
from django.utils import timezone

from accounts.refusals import Conflict, Denied, Refused
from accounts.scope import scope
from registry import services, signals
from registry.models import Consent, Diagnosis, DutyPeriod, Guardian, Patient, PatientStatus
from registry.queries.notices import notices_for
from registry.rules.person import PersonFacts
from registry.services.refusals import DayRefused, FactsRefused, IdKnown, OutsideArea, TooManyQuestions
from tests import factories
from tests.conftest import VILLAGE_A1, VILLAGE_B1, VILLAGE_C1

pytestmark = pytest.mark.django_db
OPENED = date(2024, 5, 6)


def facts(**more):
    values = {
        "name": "冉启华", "id_number": factories.id_number(), "sex": "1", "birth_on": date(1980, 5, 6),
        "residence_code": VILLAGE_A1, "phone": "19900001952", "diagnosed_on": OPENED, "diagnosis": "01",
        "opened_on": OPENED, "guardian_name": "田景明", "guardian_relation": "1", "guardian_phone": "19900001953",
        "consent": True, "poor": False,
    }  # fmt: skip
    return PersonFacts(**{**values, **more})


@pytest.fixture
def ran(world):
    with scope(world.worker):
        return services.register_patient(facts=facts(), by=world.worker)


def test_registering_writes_the_file_its_first_facts_and_the_trail(world, ran):
    with scope(world.worker):
        patient = Patient.objects.get(uuid=ran.uuid)
        assert (patient.number, patient.pinyin, patient.initials) == (1, "ranqihua", "rqh")
        assert (patient.id_number, patient.phone) == (ran.id_number, "19900001952")
        assert (patient.duty_township, patient.duty_county) == (world.town_a.pk, world.county.pk)
        assert list(patient.statuses.values_list("starts_on", "value")) == [(OPENED, "managed")]
        assert list(patient.duty_periods.values_list("starts_on", "township")) == [(OPENED, world.town_a.pk)]
        assert list(patient.diagnoses.values_list("starts_on", "code")) == [(OPENED, "01")]
        assert list(patient.consents.values_list("starts_on", "agreed")) == [(OPENED, True)]
        assert list(patient.guardians.values_list("starts_on", "name")) == [(OPENED, "田景明")]
        assert list(patient.economies.values_list("starts_on", "poor")) == [(OPENED, False)]
        assert patient.guardians.get().phone == "19900001953"
        second = services.register_patient(facts=facts(), by=world.worker)
        assert second.number == 2


def notices(user):
    with scope(user):
        return [(row.kind, row.words) for row in notices_for(user).filter(read_at=None)]


def test_the_household_registrations_clinic_is_told_of_a_file_where_it_differs(world, ran):
    """邹城 三(三): the usual residence opens the file and informs the clinic of the household registration."""
    assert notices(world.worker_b) == []
    with scope(world.worker):
        services.register_patient(facts=facts(name="冉启明", household_code=VILLAGE_B1), by=world.worker)
        services.register_patient(facts=facts(household_code=VILLAGE_A1), by=world.worker)
    words = "户籍在您这里的冉启明经常居住在甲县东街道，已由当地建档管理。"
    assert notices(world.worker_b) == [("household", words)]
    assert notices(world.worker) == []


def audited(person):
    """The trail of one person. The application cannot read it: its owner does, on a connection of its own."""
    parameters = {**connection.get_connection_params(), "user": "owner"}
    for name in ("cursor_factory", "client_encoding"):
        parameters.pop(name, None)
    with closing(psycopg2.connect(**parameters)) as owner, owner.cursor() as cursor:
        cursor.execute(
            "SELECT action, actor_name, because FROM accounts_auditevent WHERE person = %s ORDER BY at", [str(person)]
        )
        return cursor.fetchall()


@pytest.mark.django_db(transaction=True)
def test_every_act_leaves_its_trail(world):
    by = world.worker
    with scope(by):
        patient = services.register_patient(facts=facts(), by=by)
        services.change_patient(patient=patient, said=PersonFacts(name="冉启明"), by=by, because="补正")
        services.set_status(patient=patient, value="away", on=date(2025, 1, 1), by=by)
        services.move_patient(patient=patient, on=date(2025, 2, 1), to_township=world.town_b, by=by, reason="迁居")
    name = by.display_name
    assert audited(patient.uuid) == [
        ("registry.patient.registered", name, ""),
        ("registry.patient.changed", name, "补正"),
        ("registry.status.changed", name, ""),
        ("registry.patient.moved", name, "迁居"),
    ]


@pytest.mark.parametrize("where", [VILLAGE_A1, VILLAGE_B1, VILLAGE_C1])
def test_a_second_file_for_one_number_is_stopped_with_the_same_words_everywhere(world, ran, where):
    clerk = {VILLAGE_A1: "worker", VILLAGE_B1: "worker_b", VILLAGE_C1: "stranger"}[where]
    by = getattr(world, clerk)
    with scope(by):
        with pytest.raises(IdKnown) as refusal:
            services.register_patient(facts=facts(id_number=ran.id_number, residence_code=where), by=by)
        assert refusal.value.message == "该身份证号已在册，或需县级核对。"
        assert refusal.value.field == "id_number"


def test_asking_for_too_many_numbers_ends(world):
    with scope(world.stranger):
        for _ in range(20):
            services.register_patient(
                facts=facts(id_number=factories.id_number(), residence_code=VILLAGE_C1), by=world.stranger
            )
        with pytest.raises(TooManyQuestions):
            services.register_patient(
                facts=facts(id_number=factories.id_number(), residence_code=VILLAGE_C1), by=world.stranger
            )


@pytest.mark.parametrize("code", [VILLAGE_B1, VILLAGE_C1, "990001001999", "123"])
def test_elsewhere_and_nowhere_are_refused_alike(world, code):
    with scope(world.worker), pytest.raises(OutsideArea) as refusal:
        services.register_patient(facts=facts(residence_code=code), by=world.worker)
    assert refusal.value.message == OutsideArea.message


@pytest.mark.parametrize("name", ["village_doctor", "psychiatrist", "commission", "police", "leader"])
def test_who_may_not_register(world, name):
    by = getattr(world, name)
    with scope(by), pytest.raises(Denied):
        services.register_patient(facts=facts(), by=by)


def test_a_person_without_papers_gets_a_temporary_number(world):
    with scope(world.worker):
        patient = services.register_patient(
            facts=facts(id_number=None, no_id_reason="流浪人员，身份未查明"), by=world.worker
        )
    assert (patient.id_index, patient.temporary_number) == (None, "L990001000001")


class TestChange:
    def change(self, world, patient, **said):
        more = {k: said.pop(k) for k in ("version", "clearable") if k in said}
        with scope(world.worker):
            return services.change_patient(patient=patient, said=PersonFacts(**said), by=world.worker, **more)

    def test_only_what_differs_is_written(self, world, ran):
        assert self.change(world, ran, name="冉启华", phone="19900001952") == {}
        assert self.change(world, ran, name="冉启明") == {"name": "冉启明"}
        with scope(world.worker):
            patient = Patient.objects.get()
            assert (patient.pinyin, patient.version) == ("ranqiming", 2)

    def test_a_stale_version_answers_with_both_texts(self, world, ran):
        self.change(world, ran, residence_address="凉风村3组", version=1)
        with pytest.raises(Conflict) as conflict:
            self.change(world, ran, residence_address="凉风村4组", phone="19900000009", version=1)
        assert conflict.value.theirs == {
            "version": 2, "residence_address": "凉风村3组", "phone": "（已加密保存）",
        }  # fmt: skip
        assert conflict.value.mine == {"residence_address": "凉风村4组", "phone": "（与现存不同）"}

    def test_another_guardian_begins_today_a_new_phone_corrects_the_present_one(self, world, ran):
        heard = []

        def hear(patient, guardian, **_):
            heard.append(guardian.name)

        signals.guardian_changed.connect(hear)
        try:
            self.change(world, ran, guardian_name="田景明", guardian_phone="19900000008")
            self.change(world, ran, guardian_name="石秀英", guardian_relation="2")
        finally:
            signals.guardian_changed.disconnect(hear)
        with scope(world.worker):
            rows = [(g.starts_on, g.name, g.phone) for g in Guardian.objects.order_by("starts_on")]
        assert rows == [(OPENED, "田景明", "19900000008"), (timezone.localdate(), "石秀英", None)]
        assert heard == ["田景明", "石秀英"]

    def test_a_later_diagnosis_is_a_new_one_an_equal_date_a_correction(self, world, ran):
        self.change(world, ran, diagnosis="02")
        self.change(world, ran, diagnosis="04", diagnosed_on=date(2025, 7, 1))
        with scope(world.worker):
            assert list(Diagnosis.objects.order_by("starts_on").values_list("starts_on", "code")) == [
                (OPENED, "02"),
                (date(2025, 7, 1), "04"),
            ]

    def test_a_consent_with_its_date(self, world, ran):
        self.change(world, ran, consent=False, consent_on=date(2025, 1, 2))
        with scope(world.worker):
            assert list(Consent.objects.order_by("starts_on").values_list("starts_on", "agreed")) == [
                (OPENED, True),
                (date(2025, 1, 2), False),
            ]

    def test_the_opening_date_takes_its_first_facts_along(self, world, ran):
        self.change(world, ran, opened_on=date(2024, 6, 1))
        with scope(world.worker):
            for model in (PatientStatus, DutyPeriod, Diagnosis, Guardian, Consent):
                assert [row.starts_on for row in model.objects.all()] == [date(2024, 6, 1)]

    def test_an_impossible_change_is_refused_by_field(self, world, ran):
        with pytest.raises(FactsRefused) as refusal:
            self.change(world, ran, onset_on=date(2024, 5, 7))
        assert [p.field for p in refusal.value.problems] == ["diagnosed_on"]

    def test_a_number_on_file_elsewhere_is_refused_neutrally(self, world, ran):
        other = world.patient(VILLAGE_C1)
        with pytest.raises(IdKnown):
            self.change(world, ran, id_number=other.id_number)

    def test_a_stranger_may_not(self, world, ran):
        with scope(world.stranger), pytest.raises((Denied, Patient.DoesNotExist)):
            services.change_patient(patient=ran, said=PersonFacts(name="乙"), by=world.stranger)

    def test_another_township_is_a_move(self, world, ran):
        with scope(world.county_office):
            services.change_patient(patient=ran, said=PersonFacts(residence_code=VILLAGE_B1), by=world.county_office)
        with scope(world.worker_b):
            patient = Patient.objects.get()
            assert (patient.village.code, patient.duty_township) == (VILLAGE_B1, world.town_b.pk)


class TestStatus:
    def test_death_ends_the_file_with_its_cause_and_tells(self, world, ran):
        heard = []

        def hear(patient, on, value, reopened, **_):
            heard.append((str(value), on, reopened))

        signals.patient_closed.connect(hear)
        day = date(2025, 3, 1)
        try:
            with scope(world.worker):
                with pytest.raises(Refused, match="死亡原因"):
                    services.close_patient(patient=ran, value="dead", on=day, reason="家属告知", by=world.worker)
                services.close_patient(
                    patient=ran, value="dead", on=day, reason="家属告知", by=world.worker, death_cause="1"
                )
                with pytest.raises(Refused):
                    services.set_status(patient=ran, value="away", on=day, by=world.worker)
                services.reopen_patient(patient=ran, on=day, by=world.worker, reason="同名同姓，录错人")
                patient = Patient.objects.get()
                assert (patient.status, patient.closed_on) == ("managed", None)
                assert list(patient.statuses.order_by("starts_on").values_list("starts_on", "value")) == [
                    (OPENED, "managed"),
                    (day, "managed"),
                ]
        finally:
            signals.patient_closed.disconnect(hear)
        assert heard == [("dead", day, False), ("managed", day, True)]

    def test_a_reopening_after_the_mistake_keeps_the_days_between(self, world, ran):
        with scope(world.worker):
            services.close_patient(
                patient=ran, value="moved_out", on=date(2025, 3, 1), reason="迁往外县", by=world.worker
            )
            services.reopen_patient(patient=ran, on=date(2025, 9, 1), by=world.worker, reason="又迁回")
            values = list(PatientStatus.objects.order_by("starts_on").values_list("value", flat=True))
        assert values == ["managed", "moved_out", "managed"]

    @pytest.mark.parametrize(
        ("days", "ok"), ((-1, False), (0, True), (1, False)), ids=["before-the-file", "its-first-day", "tomorrow"]
    )
    def test_days_that_can_be(self, world, ran, days, ok):
        day = OPENED + timedelta(days=days) if days <= 0 else timezone.localdate() + timedelta(days=1)
        with scope(world.worker):
            if ok:
                services.set_status(patient=ran, value="away", on=day, by=world.worker)
                return
            with pytest.raises(DayRefused):
                services.set_status(patient=ran, value="away", on=day, by=world.worker)

    def test_custody_is_told_when_it_begins_and_ends(self, world, ran):
        heard = []

        def hear(in_custody, **_):
            heard.append(in_custody)

        signals.custody_changed.connect(hear)
        try:
            with scope(world.worker):
                services.set_status(patient=ran, value="detained", on=date(2025, 1, 1), by=world.worker)
                services.set_status(patient=ran, value="managed", on=date(2025, 2, 1), by=world.worker)
                services.set_status(patient=ran, value="away", on=date(2025, 3, 1), by=world.worker)
        finally:
            signals.custody_changed.disconnect(hear)
        assert heard == [True, False]


class TestMove:
    def test_a_move_is_a_dated_period_and_the_old_office_sees_nothing(self, world, ran):
        heard = []

        def hear(patient, from_township, to_township, by, **_):
            heard.append((patient.duty_township, from_township, to_township, patient.guardians.count()))

        signals.patient_moved.connect(hear)
        try:
            with scope(world.worker):
                services.move_patient(patient=ran, on=date(2025, 6, 1), to_township=world.town_b, by=world.worker)
                assert Patient.objects.count() == 0
        finally:
            signals.patient_moved.disconnect(hear)
        assert heard == [(world.town_b.pk, world.town_a.pk, world.town_b.pk, 1)]
        with scope(world.worker_b):
            rows = DutyPeriod.objects.order_by("starts_on").values_list("starts_on", "township", "at_township")
            assert list(rows) == [
                (OPENED, world.town_a.pk, world.town_a.pk),
                (date(2025, 6, 1), world.town_b.pk, world.town_a.pk),
            ]

    @pytest.mark.parametrize("day", [OPENED, OPENED - timedelta(days=1)], ids=["same-day", "before"])
    def test_a_move_begins_after_the_present_period(self, world, ran, day):
        with scope(world.worker), pytest.raises(DayRefused):
            services.move_patient(patient=ran, on=day, to_township=world.town_b, by=world.worker)

    def test_a_move_to_where_one_is_or_to_a_village_is_refused(self, world, ran):
        for place in (world.town_a, world.places[VILLAGE_B1]):
            with scope(world.worker), pytest.raises(Refused):
                services.move_patient(patient=ran, on=date(2025, 6, 1), to_township=place, by=world.worker)

    def test_after_death_nobody_moves(self, world, ran):
        with scope(world.worker):
            services.close_patient(
                patient=ran, value="dead", on=date(2025, 3, 1), reason="病故", by=world.worker, death_cause="1"
            )
            with pytest.raises(DayRefused):
                services.move_patient(patient=ran, on=date(2025, 3, 1), to_township=world.town_b, by=world.worker)
            services.move_patient(patient=ran, on=date(2025, 2, 28), to_township=world.town_b, by=world.worker)


def test_facts_can_be_recorded_one_by_one(world, ran):
    with scope(world.worker):
        day = date(2025, 4, 1)
        services.record_guardian(patient=ran, on=day, name="石秀英", relation="2", by=world.worker)
        services.record_consent(patient=ran, on=day, agreed=False, by=world.worker)
        services.record_diagnosis(patient=ran, on=day, code="02", by=world.worker)
        services.record_economy(patient=ran, on=day, poor=True, by=world.worker)
        assert [ran.guardians.count(), ran.consents.count(), ran.diagnoses.count(), ran.economies.count()] == [2] * 4
        with pytest.raises(DayRefused):
            services.record_guardian(
                patient=ran, on=timezone.localdate() + timedelta(days=1), name="丙", by=world.worker
            )


def test_known_numbers_count_although_they_are_refused(world, ran):
    with scope(world.worker_b):
        for _ in range(20):
            with pytest.raises(IdKnown):
                services.register_patient(
                    facts=facts(id_number=ran.id_number, residence_code=VILLAGE_B1), by=world.worker_b
                )
        with pytest.raises(TooManyQuestions):
            services.register_patient(facts=facts(residence_code=VILLAGE_B1), by=world.worker_b)
