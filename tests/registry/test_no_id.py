"""People without an identity number: counted at once, confirmed by a second person, given back with a reason."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.refusals import Denied, Refused
from accounts.scope import scope
from accounts.terms import AgencyKind, Role
from registry.models import IdentityStep, Patient
from registry.queries.asof import registered_on
from registry.queries.no_id import no_id_page, work_lines
from registry.rules.no_id import may_confirm
from registry.rules.person import PersonFacts
from registry.services.changes import change_patient
from registry.services.no_id import step_identity
from registry.services.registration import register_patient
from tests.conftest import VILLAGE_A1
from tests.exchange.test_races import at_once
from tests.factories import id_number, make_agency, make_user

pytestmark = pytest.mark.django_db


def nameless(by):
    facts = PersonFacts(
        name="无名氏", no_id_reason="流浪，说不清来历", residence_code=VILLAGE_A1, diagnosis="01", sex="1",
        diagnosed_on=date(2026, 1, 5), opened_on=date(2026, 1, 6), residence_address="救助站",
    )  # fmt: skip
    with scope(by):
        return register_patient(facts=facts, by=by)


def step(user, patient, to, words="救助站和派出所都核对过"):
    with scope(user):
        return step_identity(patient=patient, to=to, words=words, by=user)


def lines(user):
    with scope(user):
        return [(item.verb, item.name) for item in work_lines(user, timezone.localdate())]


def test_whoever_opened_the_file_does_not_confirm_it_and_the_county_does(world):
    patient = nameless(world.worker)
    assert lines(world.county_office) == [("核实身份", "无名氏")]
    with pytest.raises(Denied):
        step(world.worker, patient, "confirmed")
    step(world.county_office, patient, "confirmed")
    assert lines(world.county_office) == []
    with scope(world.county_office):
        row = IdentityStep.objects.get()
        assert (row.state, row.words, row.by, row.on) == (
            "confirmed", "救助站和派出所都核对过", world.county_office, timezone.localdate(),
        )  # fmt: skip


def test_a_file_that_the_county_opened_needs_another_one_of_the_county(world):
    patient = nameless(world.county_office)
    with pytest.raises(Refused, match="不能自己核实"):
        step(world.county_office, patient, "confirmed")
    agency = make_agency(AgencyKind.CDC, world.county) if hasattr(AgencyKind, "CDC") else world.county_office.agency
    other = make_user(Role.COUNTY_OFFICE, world.county, agency, username="office2")
    step(other, patient, "confirmed")


def test_given_back_it_is_the_townships_work_until_it_reports_again(world):
    patient = nameless(world.worker)
    with pytest.raises(Refused, match="请写明"):
        step(world.county_office, patient, "returned", words="")
    step(world.county_office, patient, "returned", words="请到派出所做人像比对")
    assert lines(world.worker) == [("补查身份", "无名氏")]
    with pytest.raises(Refused, match="现在可以：补查后再报"):
        step(world.county_office, patient, "confirmed")
    step(world.worker, patient, "waiting", words="比对无结果，指纹已采")
    assert (lines(world.worker), lines(world.county_office)) == ([], [("核实身份", "无名氏")])


def test_the_count_does_not_wait_for_the_confirmation(world):
    """indicators.md: a file opened counts from its first day."""
    patient = nameless(world.worker)
    with scope(world.county_office):
        everyone = Patient.objects.all()
        assert patient in registered_on(everyone, date(2026, 1, 6))
        page = no_id_page(everyone)
    assert (page.total, page.waiting, page.confirmed) == (1, 1, 0)


def test_a_number_found_later_ends_the_matter(world):
    patient = nameless(world.worker)
    with scope(world.worker):
        number = id_number(date(1980, 5, 6))
        change_patient(patient=patient, said=PersonFacts(id_number=number), by=world.worker)
    with pytest.raises(Refused, match="已登记身份证号"):
        step(world.county_office, patient, "confirmed")
    assert lines(world.county_office) == []


@pytest.mark.django_db(transaction=True)
def test_two_people_confirm_at_once_and_one_is_told(world):
    patient, office = nameless(world.worker), world.county_office

    def confirm():
        try:
            return str(step(office, patient, "confirmed").state)
        except Refused as refusal:
            return refusal.message

    results = at_once(confirm, confirm)
    assert sorted(results) == ["confirmed", "无证件人员核实现在已经是“已核实”。"]


@pytest.mark.parametrize(
    ("opener", "reporter", "user", "may"),
    [("a", "", "b", True), ("a", "", "a", False), ("a", "b", "b", False), ("", "", "b", True)],
)
def test_four_eyes(opener, reporter, user, may):
    assert may_confirm(opener, reporter, user) is may


def test_the_pages_name_the_reason_and_the_step(world, log_in):
    patient = nameless(world.worker)
    client = log_in(world.county_office)
    page = client.get(reverse("registry:no_id")).content.decode()
    for words in ("无名氏", patient.temporary_number, "流浪，说不清来历", "待县级核实 1 人"):
        assert words in page
    url = reverse("registry:identity", args=[patient.uuid])
    assert client.post(url, {"to": "returned", "words": ""}).status_code == 400
    assert client.post(url, {"to": "returned", "words": "请补指纹"}).status_code == 302
    assert "请补指纹" in log_in(world.worker).get(url).content.decode()
    assert "退回补查" in log_in(world.worker).get(reverse("registry:patient", args=[patient.uuid])).content.decode()
