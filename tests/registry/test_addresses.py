"""Where a patient lives, from when to when: every way a residence changes leaves a row, and the duty follows from it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.refusals import Denied, Refused
from accounts.scope import scope
from registry.models import Address, Patient
from registry.queries.addresses import addresses_of
from registry.queries.duty import breaches
from registry.rules.patient_row import read_patient_row
from registry.rules.person import PersonFacts
from registry.rules.table import make_table
from registry.services.addresses import record_address
from registry.services.changes import change_patient
from registry.services.moves import move_patient
from registry.services.patient_import import import_patients
from registry.services.refusals import DayRefused
from registry.services.registration import register_patient
from registry.services.transfers import answer_transfer, propose_transfer
from tests.conftest import VILLAGE_A1, VILLAGE_A2, VILLAGE_B1
from tests.registry.sheets import row

pytestmark = pytest.mark.django_db
OPENED = date(2024, 5, 6)


def today():
    return timezone.localdate()


@pytest.fixture
def filed(world):
    """A file with both addresses, opened on a day two years ago."""
    said = row(现住地区划代码=VILLAGE_A1, 现住详址="2组", 户籍详址="老街1号", 建档日期=OPENED.isoformat())
    table = make_table([list(said), list(said.values())])
    facts, problems = read_patient_row(table.rows[0], today=today())
    assert problems == []
    with scope(world.worker):
        return register_patient(facts=facts, by=world.worker)


def kept(user, patient, kind="residence"):
    with scope(user):
        found = addresses_of(patient)
        stays = found.residences if kind == "residence" else found.households
        return [(stay.since, stay.until, stay.detail, stay.source) for stay in stays]


def test_a_file_begins_with_its_addresses(world, filed):
    assert kept(world.worker, filed) == [(OPENED, None, "2组", "建档登记")]
    assert kept(world.worker, filed, "household") == [(OPENED, None, "老街1号", "建档登记")]


def test_a_new_residence_ends_the_earlier_one_the_day_before(world, filed):
    village = world.places[VILLAGE_A2]
    day = date(2025, 3, 1)
    with scope(world.worker):
        record_address(patient=filed, kind="residence", on=day, division=village, detail="7号", by=world.worker)
        now = Patient.objects.get(pk=filed.pk)
    assert kept(world.worker, filed) == [
        (day, None, "7号", "登记新地址"), (OPENED, day - timedelta(days=1), "2组", "建档登记"),
    ]  # fmt: skip
    assert (now.village_id, now.residence_address, now.duty_township) == (village.pk, "7号", world.town_a.pk)


def test_the_same_day_said_again_corrects_and_an_earlier_day_is_refused(world, filed):
    day = date(2025, 3, 1)
    with scope(world.worker):
        said = {"patient": filed, "kind": "household", "division": None, "by": world.worker}
        record_address(on=day, detail="新街1号", **said)
        record_address(on=day, detail="新街2号", **said)
        with pytest.raises(DayRefused, match="2025-03-01 起已有后来的户籍地"):
            record_address(on=date(2025, 2, 28), detail="x", **said)
        with pytest.raises(Refused, match="写明户籍详址"):
            record_address(on=today(), detail="", **said)
    assert [line[2] for line in kept(world.worker, filed, "household")] == ["新街2号", "老街1号"]


def test_another_township_is_a_transfer_and_nobody_elses_file(world, filed):
    there = world.places[VILLAGE_B1]
    said = {"patient": filed, "kind": "residence", "on": today(), "detail": "1号"}
    with scope(world.worker), pytest.raises(Refused, match="档案移交"):
        record_address(division=there, by=world.worker, **said)
    with scope(world.worker_b), pytest.raises(Denied):
        record_address(division=there, by=world.worker_b, **said)
    assert len(kept(world.worker, filed)) == 1


def test_a_taken_file_lives_where_the_receiver_said_and_the_night_finds_nothing(world, filed):
    with scope(world.worker):
        said = {"to_township": world.town_b, "reason": "moved", "address": "西一村2组"}
        asked = propose_transfer(patient=filed, by=world.worker, **said)
    with scope(world.worker_b):
        village = world.places[VILLAGE_B1]
        answer_transfer(transfer=asked.uuid, answer="accept", by=world.worker_b, village=village)
        assert kept(world.worker_b, filed)[0] == (today(), None, "西一村2组", "档案移交")
        assert [stay.place for stay in addresses_of(filed).duties] == [world.town_b.name, world.town_a.name]
        assert breaches(today()) == []


def test_a_correction_of_the_duty_replaces_what_was_noted_later_in_the_old_township(world, filed):
    with scope(world.worker):
        later = {"on": date(2026, 2, 1), "division": world.places[VILLAGE_A2], "detail": "7号"}
        record_address(patient=filed, kind="residence", by=world.worker, **later)
    with scope(world.county_office):
        move_patient(
            patient=filed, on=date(2026, 1, 1), to_township=world.town_b, by=world.county_office, reason="登错",
            address="西街",
        )  # fmt: skip
    assert [(line[0], line[2]) for line in kept(world.county_office, filed)] == [
        (date(2026, 1, 1), "西街"),
        (OPENED, "2组"),
    ]


def test_a_form_and_a_file_leave_their_rows_too(world, filed):
    with scope(world.worker):
        change_patient(patient=filed, said=PersonFacts(residence_code=VILLAGE_A2), by=world.worker)
    assert [line[3] for line in kept(world.worker, filed)] == ["资料变更", "建档登记"]
    with scope(world.worker):
        number = str(Patient.objects.get(pk=filed.pk).id_number)
    said = row(
        现住地区划代码=VILLAGE_A2, 现住详址="2组", 户籍详址="北街9号", 身份证号=number, 建档日期=OPENED.isoformat()
    )
    with scope(world.worker):
        table = make_table([list(said), list(said.values())])
        import_patients(table=table, by=world.worker, accept=True)
    assert kept(world.worker, filed, "household")[0][2:] == ("北街9号", "导入")


def test_a_residence_outside_the_duty_is_a_breach_in_words(world, filed):
    with scope(world.county_office):
        assert breaches(today()) == []
        Address.objects.filter(patient=filed, kind="residence").update(division=world.town_b)
        assert [one.words for one in breaches(today())] == ["现住地不在管辖的乡镇里"]


def test_the_page_says_why_and_keeps_what_was_typed(world, filed, log_in):
    url = reverse("registry:address_new", args=[filed.uuid])
    client = log_in(world.worker)
    said = {"kind": "residence", "division": world.town_b.code, "detail": "西街18号", "on": today().isoformat()}
    answer = client.post(url, said)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "请办“档案移交”" in page
    assert "西街18号" in page
    said["division"] = VILLAGE_A2
    page = client.post(url, said, follow=True).content.decode()
    assert "西街18号" in page
    assert "现在" in page
