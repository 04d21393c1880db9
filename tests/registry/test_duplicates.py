"""People who may be one: points and reasons, candidates while a file is opened, the list, and the county's question."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.scope import scope
from registry.models import IdCheck, MergeProposal, Patient
from registry.queries.duplicates import suspected_pairs
from registry.queries.id_checks import work_lines
from registry.rules.likeness import Sketch, compare
from registry.rules.person import PersonFacts
from registry.services.merging import confirm_merge, propose_merge, say_different
from registry.services.refusals import IdKnown
from registry.services.registration import register_patient
from tests import factories
from tests.conftest import VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, VILLAGE_C1

pytestmark = pytest.mark.django_db
RAN = Sketch(name="冉启华", pinyin="ranqihua", sex="1", birth_on=date(1980, 5, 6), township=1, village=11)


@pytest.mark.parametrize(("other", "score", "reasons"), (
    pytest.param({}, 82, ("姓名相同", "出生日期相同", "同一个村（社区）"), id="twice-in-one-village"),
    pytest.param({"name": "冉起华"}, 72, ("姓名同音", "出生日期相同", "同一个村（社区）"), id="sounds-alike"),
    pytest.param({"birth_on": date(1980, 6, 5)}, 72, ("姓名相同", "出生日期的月和日互换", "同一个村（社区）"), id="turned-round"),
    pytest.param({"birth_on": date(1979, 5, 6), "township": 2, "village": 21}, 52,
                 ("姓名相同", "出生月日相同，年份相差 1 或 10 年"), id="a-year-apart-elsewhere"),
    pytest.param({"sex": "2"}, 52, ("姓名相同", "出生日期相同", "同一个村（社区）"), id="the-other-sex"),
    pytest.param({"birth_on": date(1950, 1, 1), "village": 12}, 21, ("姓名相同", "同一个乡镇（街道）"), id="grandfather"),
    pytest.param({"name": "李强", "pinyin": "liqiang"}, 42, ("出生日期相同", "同一个村（社区）"), id="a-neighbour"),
))  # fmt: skip
def test_points_and_reasons(other, score, reasons):
    from dataclasses import replace

    found = compare(RAN, replace(RAN, **other))
    assert (found.score, found.reasons) == (score, reasons)
    assert compare(replace(RAN, **other), RAN) == found


def test_the_same_number_is_the_same_person_and_another_speaks_against_it():
    from dataclasses import replace

    one = replace(RAN, number=b"1")
    assert compare(one, Sketch(name="别人", number=b"1")).score == 100
    assert compare(one, replace(RAN, number=b"2")).score == 52


class TestWhileTyping:
    def test_people_within_reach_are_named_with_their_reasons(self, world, log_in, ran):
        world.patient(VILLAGE_B1, "冉启华", pinyin="ranqihua")  # of another township
        page = (
            log_in(world.worker)
            .post(
                reverse("registry:patient_candidates"),
                {"name": "冉启华", "birth_on": "1980-05-06", "no_id_reason": "遗失", "residence_code": VILLAGE_A1},
            )
            .content.decode()
        )
        assert "姓名相同，出生日期相同，同一个村（社区）" in page
        assert str(ran.uuid) in page
        assert page.count("冉启华") == 1
        assert "西镇" not in page

    def test_the_number_stops(self, world, log_in, ran):
        with scope(world.worker):
            number = Patient.objects.get(pk=ran.pk).id_number
        page = log_in(world.worker).post(reverse("registry:patient_candidates"), {"id_number": number})
        assert "这个身份证号已经建档" in page.content.decode()

    def test_at_most_five(self, world, log_in):
        for _ in range(7):
            world.patient(VILLAGE_A1, "冉启华", pinyin="ranqihua")
        page = log_in(world.worker).post(
            reverse("registry:patient_candidates"), {"name": "冉启华", "birth_on": "1980-05-06"}
        )
        assert page.content.decode().count("<li") == 5

    def test_a_second_file_needs_a_word(self, world, log_in, ran):
        said = {
            "name": "冉启华", "no_id_reason": "遗失", "sex": "1", "birth_on": "1980-05-06", "residence_code": VILLAGE_A1,
            "diagnosis": "01", "diagnosed_on": "2020-01-02", "opened_on": "2024-01-02",
        }  # fmt: skip
        client = log_in(world.worker)
        first = client.post(reverse("registry:patient_new"), said)
        assert first.status_code == 400
        assert "确实不是同一个人再勾选" in first.content.decode()
        assert client.post(reverse("registry:patient_new"), {**said, "not_same": "on"}).status_code == 302


def pairs_of(world, user):
    with scope(user):
        from accounts.doors import where
        from accounts.terms import Permission

        reach = where(user, Permission.PROPOSE_MERGE)
        return [{pair.first.pk, pair.second.pk} for pair in suspected_pairs(reach.townships, reach.counties)]


def test_the_list_holds_pairs_of_the_place_until_somebody_judges_them(world):
    one, two = (
        world.patient(VILLAGE_A1, "冉启华", pinyin="ranqihua"),
        world.patient(VILLAGE_A2, "冉启华", pinyin="ranqihua"),
    )
    far = world.patient(VILLAGE_B1, "冉起华", pinyin="ranqihua")
    world.patient(VILLAGE_C1, "冉启华", pinyin="ranqihua")
    with scope(counties=[world.county.pk]):  # without numbers they are alike enough
        for patient in (one, two, far):
            Patient.objects.filter(pk=patient.pk).update(id_index=None, temporary_number=f"L{patient.pk}")
    assert pairs_of(world, world.worker) == [{one.pk, two.pk}]
    assert {one.pk, far.pk} in pairs_of(world, world.county_office)
    assert len(pairs_of(world, world.county_office)) == 3
    with scope(world.worker):
        say_different(one=one, other=two, reason="都见过", by=world.worker)
    assert pairs_of(world, world.worker) == []


def test_the_merged_persons_address_leads_to_the_kept_one(world, log_in):
    kept, other = world.patient(VILLAGE_A1), world.patient(VILLAGE_A1)
    with scope(world.worker):
        proposal = propose_merge(kept=kept, other=other, said={}, reason="同一人", by=world.worker)
    assert [item.verb for item in lines(world.county_office)] == ["核对合并"]
    assert lines(world.worker) == []
    with scope(world.county_office):
        confirm_merge(proposal=proposal, by=world.county_office)
    answer = log_in(world.worker).get(reverse("registry:patient", args=[other.uuid]))
    assert answer.headers["Location"] == reverse("registry:patient", args=[kept.uuid])
    assert log_in(world.stranger).get(reverse("registry:patient", args=[other.uuid])).status_code == 404


def lines(user):
    from django.utils import timezone

    with scope(user):
        return work_lines(user, timezone.localdate())


class TestANumberOnFileElsewhere:
    def facts(self, number):
        return PersonFacts(
            name="冉启华", id_number=number, sex="1", birth_on=date(1980, 5, 6), residence_code=VILLAGE_A1,
            diagnosed_on=date(2020, 1, 2), diagnosis="01", opened_on=date(2024, 1, 2),
        )  # fmt: skip

    def ask(self, world, number):
        with scope(world.worker), pytest.raises(IdKnown, match="已在册，或需县级核对"):
            register_patient(facts=self.facts(number), by=world.worker)

    def test_it_makes_one_task_for_the_county_and_tells_nobody_where(self, world, log_in):
        number = factories.id_number()
        world.patient(VILLAGE_C1, "远方人", id_number=number)
        self.ask(world, number)
        self.ask(world, number)
        assert [item.verb for item in lines(world.county_office)] == ["核对证件号"]
        page = log_in(world.county_office).get(reverse("registry:id_checks")).content.decode()
        assert "不在本县" in page
        assert "远方人" not in page
        assert number not in page

    def test_the_county_sees_its_own_file_the_township_does_not(self, world, log_in):
        number = factories.id_number()
        there = world.patient(VILLAGE_B1, "西镇人", id_number=number)
        self.ask(world, number)
        assert str(there.uuid) in log_in(world.county_office).get(reverse("registry:id_checks")).content.decode()
        assert str(there.uuid) not in log_in(world.worker).get(reverse("registry:id_checks")).content.decode()

    def test_a_file_of_the_own_township_is_no_question(self, world, ran):
        with scope(world.worker):
            number = Patient.objects.get(pk=ran.pk).id_number
        self.ask(world, number)
        with scope(world.county_office):
            assert not IdCheck.objects.exists()

    def test_the_answer_reaches_the_township_once(self, world, log_in):
        number = factories.id_number()
        world.patient(VILLAGE_C1, id_number=number)
        self.ask(world, number)
        with scope(world.county_office):
            check = IdCheck.objects.get()
        client = log_in(world.county_office)
        client.post(
            reverse("registry:id_check_answer", args=[check.uuid]), {"answer": "已联系市级，先按流入建临时档案"}
        )
        page = log_in(world.worker).get(reverse("registry:id_checks")).content.decode()
        assert "先按流入建临时档案" in page
        assert lines(world.county_office) == []

    def test_another_county_neither_sees_nor_answers(self, world):
        number = factories.id_number()
        world.patient(VILLAGE_C1, id_number=number)
        self.ask(world, number)
        with scope(world.stranger):
            assert not IdCheck.objects.exists()
            with pytest.raises(DatabaseError), transaction.atomic():
                IdCheck.objects.create(
                    township=world.town_a,
                    county=world.county,
                    number=number,
                    number_index=b"x",
                    asked_by=world.stranger,
                )
        assert IdCheck.objects.count() == 0  # without a reach

    def test_a_township_cannot_answer_in_the_database_either(self, world):
        number = factories.id_number()
        world.patient(VILLAGE_C1, id_number=number)
        self.ask(world, number)
        with scope(world.worker):
            assert IdCheck.objects.update(state="settled") == 0


def test_the_page_of_a_proposal_shows_both_values_and_asks_the_second_person(world, log_in):
    kept, other = world.patient(VILLAGE_A1, ethnicity="汉族"), world.patient(VILLAGE_A1, ethnicity="苗族")
    client = log_in(world.worker)
    page = client.get(reverse("registry:merge_new", args=[kept.uuid, other.uuid])).content.decode()
    assert "汉族" in page
    assert "苗族" in page
    refused = client.post(reverse("registry:merge_new", args=[kept.uuid, other.uuid]), {"ethnicity": "other"})
    assert "请写明为什么认为是同一个人" in refused.content.decode()
    client.post(reverse("registry:merge_new", args=[kept.uuid, other.uuid]), {"ethnicity": "other", "reason": "同一人"})
    with scope(world.worker):
        assert MergeProposal.objects.get().choices["ethnicity"] == "other"
    assert "等另一个人确认" in client.get(reverse("registry:duplicates")).content.decode()
