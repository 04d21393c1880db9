"""A clue from the village to the file: who sees what, every step, and how the person is forgotten."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.db.models.signals import post_save
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.refusals import Denied, NotHere, Refused
from accounts.rules.machine import faults
from accounts.scope import scope, system_scope, take_on
from accounts.terms import AgencyKind, Role
from registry.models import Clue, OwnClue, Patient
from registry.queries.clues import clues_for, own_clues, work_lines
from registry.rules.clues import MACHINE, ClueEntry, Outcome, check_entry, check_outcome, forget_on, suggests_diagnosis
from registry.services.clues import (
    NotYourPlace,
    assign_clue,
    enter_clue,
    forget_clues,
    link_clue,
    record_survey,
    send_clue,
    settle_clue,
)
from registry.services.refusals import FactsRefused
from registry.terms import ClueState
from tests import factories
from tests.conftest import TOWN_A, VILLAGE_A1, VILLAGE_B1

S = ClueState
DAY = date(2026, 11, 24)


@pytest.fixture
def written():
    """The audit events of the test, as they are written: the application may not read them back."""
    rows = []

    def keep(sender, instance, **more):
        rows.append(instance)

    post_save.connect(keep, sender=AuditEvent)
    yield rows
    post_save.disconnect(keep, sender=AuditEvent)


@pytest.fixture
def clerk(world):
    place = world.places[VILLAGE_A1]
    return factories.make_user(
        Role.VILLAGE_CLERK, place, factories.make_agency(AgencyKind.VILLAGE_COMMITTEE, place), username="clerk"
    )


def entry(world, village=VILLAGE_A1, items=(5, 8), **told):
    place = world.places[village]
    words = {"name": "线索甲", "address": "东一社区3组", **told}
    return ClueEntry(place.parent_id, place.pk, "village", tuple(items), timezone.localdate(), words)


def report(world, by, **facts):
    """A clue as the reporter sends it; answers the row as the county sees it."""
    number = uuid4()
    with scope(by):
        assert enter_clue(entry=entry(world, **facts), form_id=number, by=by) is True
    with scope(counties=[world.county.pk]):
        return Clue.objects.get(form_id=number)


def surveyed(world, clue, items=(5,)):
    today = timezone.localdate()
    with scope(world.worker):
        assign_clue(clue=clue, to=world.worker, by=world.worker)
        return record_survey(clue=clue, on=today, items=items, learned={"found": "自语自笑"}, by=world.worker)


def diagnosed(world, clue, state, **more):
    today = timezone.localdate()
    surveyed(world, clue)
    with scope(world.worker):
        send_clue(clue=clue, on=today, hospital="甲县精神卫生中心", by=world.worker)
        said = {"hospital": "甲县精神卫生中心", "doctor": "医师甲", "diagnosis": "01", "reason": "会诊不支持"} | more
        return settle_clue(clue=clue, outcome=Outcome(S(state), today, **said), by=world.worker)


# ── rules ──
def test_any_item_of_the_nine_suggests_a_diagnosis():
    assert [suggests_diagnosis(items) for items in ((), (1,), (9,), (0,), (10,))] == [False, True, True, False, False]


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        pytest.param({}, [], id="name-and-an-item"),
        pytest.param({"items": ()}, ["items"], id="nine-times-no"),
        pytest.param({"items": (), "told": {"name": "甲", "remark": "常在桥下"}}, [], id="nine-times-no-but-a-remark"),
        pytest.param({"told": {}}, ["name"], id="nobody-named"),
        pytest.param({"told": {"remark": "桥下常住的一位男子"}}, [], id="nobody-named-but-described"),
        pytest.param({"found_on": DAY + timedelta(days=1)}, ["found_on"], id="found-tomorrow"),
    ],
)
def test_what_a_report_needs(said, wrong):
    facts = {"items": (3,), "told": {"name": "甲"}, "found_on": DAY} | said
    assert [p.field for p in check_entry(ClueEntry(1, 2, "police", **facts), today=DAY)] == wrong


@pytest.mark.parametrize(
    ("outcome", "wrong"),
    [
        pytest.param(Outcome(S.CONFIRMED, DAY, "医院", "医师", "01"), [], id="confirmed"),
        pytest.param(Outcome(S.CONFIRMED, DAY), ["diagnosis", "hospital", "doctor"], id="confirmed-by-nobody"),
        pytest.param(Outcome(S.WATCHED, DAY, again_on=DAY + timedelta(days=1)), [], id="look-again-tomorrow"),
        pytest.param(Outcome(S.WATCHED, DAY, again_on=DAY), ["again_on"], id="look-again-today"),
        pytest.param(Outcome(S.EXCLUDED, DAY), ["reason"], id="excluded-without-reason"),
        pytest.param(Outcome(S.OTHER, DAY - timedelta(days=3)), ["on"], id="before-the-step-before"),
        pytest.param(Outcome(S.OTHER, DAY + timedelta(days=1)), ["on"], id="tomorrow"),
    ],
)
def test_what_a_result_needs(outcome, wrong):
    found = check_outcome(outcome, since=DAY - timedelta(days=2), today=DAY)
    assert [problem.field for problem in found] == wrong


@pytest.mark.parametrize(
    ("settled", "months", "day"),
    [(date(2026, 5, 24), 6, date(2026, 11, 24)), (date(2026, 8, 31), 6, date(2027, 2, 28)),
     (date(2026, 12, 1), 1, date(2027, 1, 1))],
)  # fmt: skip
def test_the_day_of_forgetting(settled, months, day):
    assert forget_on(settled, months) == day


def test_the_machine_has_no_dead_ends():
    assert faults(MACHINE) == set()


# ── who sees what ──
@pytest.mark.django_db
def test_a_village_clerk_reports_and_sees_only_the_bare_state(world, clerk, log_in):
    clue = report(world, clerk)
    diagnosed(world, clue, "excluded")
    page = log_in(clerk).get(reverse("registry:clues")).content.decode()
    assert "线索甲" in page
    assert "已办结" in page
    assert not any(word in page for word in ("排除", "会诊不支持", "确诊", "精神分裂症"))
    assert log_in(clerk).get(reverse("registry:clue", args=[clue.uuid])).status_code == 403


@pytest.mark.django_db
def test_the_police_report_as_a_partner_and_see_their_own_offices_clues_only(world, clerk, log_in):
    report(world, clerk)
    client = log_in(world.police)
    place = world.places[VILLAGE_A1].code
    said = {"form_id": str(uuid4()), "name": "线索乙", "q3": "1", "place": place, "source": "police",
            "found_on": timezone.localdate().isoformat()}  # fmt: skip
    answer = client.post(reverse("registry:clue_new"), said)
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(reverse("registry:clues")).content.decode()
    assert ("线索乙" in page, "线索甲" in page) == (True, False)
    assert client.post(reverse("registry:clue_new"), said).status_code == 302  # sent twice, kept once
    with scope(world.police):
        take_on(world.police)
        assert [own.report["name"] for own in own_clues(world.police)] == ["线索乙"]
        assert OwnClue.objects.count() == 1


@pytest.mark.django_db
def test_a_partner_reads_no_clue_from_the_table(world, clerk):
    report(world, clerk)
    with scope(world.police):
        take_on(world.police)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Clue.objects.count()


@pytest.mark.django_db
def test_a_clue_is_walled_by_its_place(world, clerk):
    clue = report(world, clerk)
    assert Clue.objects.count() == 0
    with scope(townships=[world.town_a.pk]):
        assert Clue.objects.get().pk == clue.pk
    with scope(townships=[world.town_b.pk]):
        assert Clue.objects.count() == 0
        assert Clue.objects.filter(pk=clue.pk).update(source="police") == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Clue.objects.create(
                form_id=uuid4(), township=world.town_a, county=world.county, agency=clerk.agency, entered_by=clerk,
                source="village", found_on=DAY,
            )  # fmt: skip
    with (
        scope(townships=[world.town_a.pk]),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        Clue.objects.filter(pk=clue.pk).update(township=world.town_b, county=world.town_c.parent)


@pytest.mark.django_db
def test_nobody_reports_for_a_place_of_others(world, clerk):
    with scope(clerk), pytest.raises(NotYourPlace):
        enter_clue(entry=entry(world, VILLAGE_B1), form_id=uuid4(), by=clerk)
    with scope(world.auditor), pytest.raises(Denied):
        enter_clue(entry=entry(world), form_id=uuid4(), by=world.auditor)


@pytest.mark.django_db
def test_another_townships_worker_finds_no_such_clue(world, clerk, log_in):
    clue = report(world, clerk)
    assert log_in(world.worker_b).get(reverse("registry:clue", args=[clue.uuid])).status_code == 404
    with scope(world.worker_b), pytest.raises(NotHere):
        assign_clue(clue=clue, to=world.worker_b, by=world.worker_b)
    with scope(world.village_doctor):
        assert clues_for(world.village_doctor).count() == 0


# ── the way ──
@pytest.mark.django_db
def test_a_confirmed_clue_becomes_a_file(world, clerk, log_in):
    number = factories.id_number()
    clue = report(world, clerk, id_number=number, phone="19900000003")
    diagnosed(world, clue, "confirmed")
    client, address = log_in(world.worker), reverse("registry:clue_register", args=[clue.uuid])
    page = client.get(address).content.decode()
    assert "线索甲" in page
    assert number not in page
    today = timezone.localdate().isoformat()
    said = {
        "name": "线索甲",
        "residence_code": VILLAGE_A1,
        "diagnosis": "01",
        "diagnosed_on": today,
        "opened_on": today,
    }
    assert client.post(address, said).status_code == 302
    with scope(world.worker):
        person = Patient.objects.get()
        clue.refresh_from_db()
        assert (clue.state, clue.patient_id, person.id_number, person.phone) == (
            "registered",
            person.pk,
            number,
            "19900000003",
        )
        assert work_lines(world.worker, timezone.localdate()) == []
    page = client.get(reverse("registry:clue", args=[clue.uuid])).content.decode()
    assert f"<dt>核实日期</dt><dd>{clue.visited_on}</dd>" in page
    assert f'href="{person.get_absolute_url()}">查看档案' in page


@pytest.mark.django_db
def test_a_clue_with_a_known_number_ends_in_the_file(world, clerk, log_in):
    person = world.patient(name="在册者")
    with scope(world.worker):
        number = person.id_number
    clue = report(world, clerk, id_number=number)
    with scope(world.worker):
        assign_clue(clue=clue, to=world.worker, by=world.worker)
    assert log_in(world.worker).post(reverse("registry:clue_link", args=[clue.uuid])).status_code == 302
    with scope(world.worker):
        clue.refresh_from_db()
        assert (clue.state, clue.patient_id) == ("registered", person.pk)


@pytest.mark.django_db
def test_a_step_out_of_order_is_refused_in_words(world, clerk):
    clue = report(world, clerk)
    with scope(world.worker):
        with pytest.raises(Refused, match="线索不能从“待分派”变为“已送诊”"):
            send_clue(clue=clue, on=timezone.localdate(), hospital="医院", by=world.worker)
        with pytest.raises(FactsRefused, match="核实日期"):
            record_survey(clue=clue, on=clue.found_on - timedelta(days=1), items=(), learned={}, by=world.worker)


@pytest.mark.django_db
def test_two_workers_settle_one_clue_and_the_second_is_told(world, clerk):
    clue = report(world, clerk)
    diagnosed(world, clue, "excluded")
    with scope(world.county_office), pytest.raises(Refused, match="没有后续操作"):
        settle_clue(clue=clue, outcome=Outcome(S.OTHER, timezone.localdate()), by=world.county_office)


@pytest.mark.django_db
def test_a_watched_clue_comes_back_on_its_day(world, clerk):
    today = timezone.localdate()
    clue = report(world, clerk)
    diagnosed(world, clue, "watched", again_on=today + timedelta(days=30))
    with scope(world.worker):
        assert work_lines(world.worker, today + timedelta(days=29)) == []
        (line,) = work_lines(world.worker, today + timedelta(days=30))
        assert (line.verb, line.name) == ("再次核实", "线索甲")
        record_survey(clue=clue, on=today, items=(5,), learned={}, by=world.worker)
        clue.refresh_from_db()
        assert (clue.state, clue.again_on) == (S.VISITED, None)


@pytest.mark.django_db
def test_work_lines_name_the_step_and_its_limit(world, clerk):
    report(world, clerk)
    with scope(world.worker):
        (line,) = work_lines(world.worker, timezone.localdate())
    assert (line.verb, line.place) == ("分派", "东街道东一社区")
    assert "还剩 10 个工作日" in line.why
    with scope(world.police):
        assert work_lines(world.police, timezone.localdate()) == []


# ── forgetting ──
@pytest.mark.django_db
def test_an_excluded_clue_forgets_the_person_and_keeps_the_count(world, clerk, log_in):
    clue = report(world, clerk)
    kept = report(world, clerk, name="线索丙")
    diagnosed(world, clue, "excluded")
    diagnosed(world, kept, "confirmed")
    today = timezone.localdate()
    last = forget_on(today, 6)
    with scope(counties=[world.county.pk]):
        shift = today - last
        Clue.objects.filter(pk=clue.pk).update(settled_on=today + shift + timedelta(days=3))
    call_command("forget_clues")
    with scope(counties=[world.county.pk]):
        assert Clue.objects.get(pk=clue.pk).report["name"] == "线索甲"
        Clue.objects.filter(pk=clue.pk).update(settled_on=today + shift - timedelta(days=4))
    call_command("forget_clues", "--dry-run")
    with system_scope():
        assert Clue.objects.filter(forgotten_at=None).count() == 2
        assert (forget_clues(), forget_clues()) == (1, 0)
    with scope(counties=[world.county.pk]):
        gone = Clue.objects.get(pk=clue.pk)
        assert (gone.told, gone.learned, gone.items, gone.state, gone.source) == (None, None, [], "excluded", "village")
        assert Clue.objects.get(pk=kept.pk).report["name"] == "线索丙"
    page = log_in(clerk).get(reverse("registry:clues")).content.decode()
    assert ("线索甲" in page, "个人信息已删去" in page) == (False, True)
    assert "排除 1" in log_in(world.worker).get(reverse("registry:clues")).content.decode()


@pytest.mark.django_db
def test_the_trail_never_holds_words_about_the_person(world, clerk, written):
    clue = report(world, clerk, remark="常在桥下过夜")
    diagnosed(world, clue, "excluded")
    told = [f"{row.because}{row.facts}" for row in written]
    assert len(told) == 5
    assert [row for row in told if "线索甲" in row or "桥下" in row or "会诊不支持" in row] == []


# ── pages ──
@pytest.mark.django_db
def test_every_page_of_a_clue_opens(world, clerk, log_in):
    clue = report(world, clerk)
    client = log_in(world.worker)
    assert client.get(reverse("registry:clue_assign", args=[clue.uuid])).status_code == 200
    surveyed(world, clue)
    for name in ("clue", "clue_send", "clue_outcome", "clue_print"):
        answer = client.get(reverse(f"registry:{name}", args=[clue.uuid]))
        assert answer.status_code == 200, name
    for name in ("clue_assign", "clue_survey"):  # over: the clue's page says so
        answer = client.get(reverse(f"registry:{name}", args=[clue.uuid]), follow=True)
        assert answer.redirect_chain == [(reverse("registry:clue", args=[clue.uuid]), 302)]
        assert "不能再办" in answer.content.decode()
    printed = client.get(reverse("registry:clue_print", args=[clue.uuid])).content.decode()
    assert "精神行为异常识别清单" in printed
    assert "线索调查登记表" in printed
    for paper in ("1-1", "1-2"):
        assert log_in(clerk).get(reverse("registry:paper_blank", args=[paper])).status_code == 200
    assert log_in(clerk).get(reverse("registry:paper_blank", args=["9-9"])).status_code == 404


@pytest.mark.django_db
def test_a_refused_report_keeps_what_was_typed(world, clerk, log_in):
    said = {"form_id": str(uuid4()), "name": "线索丁", "place": VILLAGE_A1, "source": "family", "found_on": "11-01"}
    answer = log_in(clerk).post(reverse("registry:clue_new"), said)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "九项都是“没有”" in page
    assert "线索丁" in page


@pytest.mark.django_db
def test_linking_needs_the_right_to_the_file(world, clerk):
    person = world.patient(VILLAGE_B1, "西镇者")
    clue = report(world, clerk)
    with scope(world.worker), pytest.raises(Denied):
        link_clue(clue=clue, patient=person, by=world.worker)


def test_a_township_code_is_a_place_too(world):
    assert world.places[TOWN_A].level == "township"
