"""协同随访: a dated grant to the sheet only, ledgered, signed; never the clinical file."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.refusals import Denied, NotHere, Refused
from accounts.scope import scope
from exchange.doors import county_ledger
from exchange.models import JointMember, JointVisit
from exchange.queries.county_ledger import Lines, Wanted
from exchange.queries.joint import candidates, members_of
from exchange.rules.joint import grant_ends, refusals
from exchange.services.joint import JointRefused, arrange_joint, my_joints, open_joint, settle_joint, sign_joint
from exchange.terms import JointState, LedgerWay
from followup.rules.caution import HomeFacts, caution, joint_is_advised
from registry.models import Patient
from registry.services.moves import move_patient
from registry.services.objections import record_objection
from registry.services.status import close_patient
from tests.conftest import TOWN_B
from tests.exchange.conftest import as_partner, ledger

NOW = datetime(2026, 3, 10, 8, 0)
TODAY = NOW.date()
SHEET = {"name": "试验患者", "address": "东一社区3组18号", "when": "x", "meet": "村口", "warning": "两人同行"}


@pytest.mark.parametrize(
    ("at", "members", "fields"),
    [
        (NOW, 1, set()),
        (NOW - timedelta(minutes=1), 1, {"planned_at"}),
        (NOW + timedelta(days=60), 6, set()),
        (NOW + timedelta(days=60, minutes=1), 6, {"planned_at"}),
        (NOW, 0, {"members"}),
        (NOW, 7, {"members"}),
    ],
)
def test_what_may_be_arranged(at, members, fields):
    assert set(refusals(planned_at=at, members=members, now=NOW)) == fields


def test_a_grant_ends_three_days_after_the_visit():
    assert grant_ends(NOW) == NOW + timedelta(days=3)


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        (HomeFacts(level=2), None),
        (HomeFacts(level=3), ("最近评估 3 级",)),
        (HomeFacts(last_incident_on=TODAY - timedelta(days=365)), ("2025-03-10 有过一起事件",)),
        (HomeFacts(last_incident_on=TODAY - timedelta(days=366)), None),
        (HomeFacts(past_danger=True), ("建档资料里记有既往危险行为",)),
        (HomeFacts(last_class=1, adherence=2), ("病情不稳定，没有规律服药",)),
        (HomeFacts(last_class=1, adherence=1), None),
    ],
)
def test_the_warning_before_a_home_visit(facts, reasons):
    found = caution(facts, today=TODAY)
    assert (found.reasons if found else None) == reasons


@pytest.mark.parametrize(
    ("facts", "advised"),
    [
        (HomeFacts(last_class=3), ()),
        (HomeFacts(last_class=1), ("病情不稳定",)),
        (HomeFacts(last_class=2, has_guardian=False), ("没有登记监护人",)),
        (HomeFacts(last_class=2, guardianship="weak"), ("监护状态为弱监护",)),
        (HomeFacts(last_class=2, guardianship="committee"), ()),
    ],
)
def test_whom_the_group_goes_along_to(facts, advised):
    assert joint_is_advised(facts, today=TODAY) == advised


# with the database


def arranged(world: Any, patient: Any, members: Any, *, days: int = 1) -> JointVisit:
    with scope(world.worker):
        return arrange_joint(
            patient=patient, planned_at=timezone.now() + timedelta(days=days), sheet=SHEET, members=members,
            form_id=uuid4(), by=world.worker,
        )  # fmt: skip


def the_day_has_come(world: Any, row: JointVisit) -> None:
    with scope(world.worker):
        JointVisit.objects.filter(pk=row.pk).update(planned_at=timezone.now())


@pytest.mark.django_db
def test_a_visit_that_lies_ahead_is_not_done(world):
    row = arranged(world, world.patient(), [world.police])
    with scope(world.worker), pytest.raises(Refused, match="还没有到约定的日期"):
        settle_joint(joint=row, to=JointState.DONE, because="", by=world.worker)


@pytest.mark.django_db
def test_a_member_reads_the_sheet_and_each_reading_is_ledgered(world):
    patient = world.patient()
    row = arranged(world, patient, [world.police])
    with as_partner(world.police):
        assert [one.uuid for one in my_joints(by=world.police)] == [row.uuid]
        sheet = open_joint(joint=row.uuid, by=world.police)
    assert sheet == {
        "姓名": "试验患者",
        "住址": "东一社区3组18号",
        "时间": "x",
        "会合地点": "村口",
        "注意安全": "两人同行",
    }
    assert [line.act for line in ledger(patient)] == ["disclosed", "opened"]


@pytest.mark.django_db
def test_nobody_but_the_named_member_reads_it(world):
    row = arranged(world, world.patient(), [world.police])
    for other in (world.police_b, world.political_legal):
        with as_partner(other):
            assert my_joints(by=other) == []
            with pytest.raises(NotHere):
                open_joint(joint=row.uuid, by=other)
    with as_partner(world.county_police), pytest.raises(Denied):
        open_joint(joint=row.uuid, by=world.county_police)


@pytest.mark.django_db
def test_a_partner_reads_no_table_behind_the_sheet(world):
    arranged(world, world.patient(), [world.police])
    for table in ("exchange_jointvisit", "exchange_jointmember", "followup_visit", "followup_incident"):
        refused = pytest.raises(DatabaseError, match="permission denied")
        with as_partner(world.police), refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")


@pytest.mark.django_db
def test_after_its_end_a_grant_gives_nothing(world):
    patient = world.patient()
    row = arranged(world, patient, [world.police])
    with scope(world.worker):
        JointMember.objects.filter(joint=row).update(revoked_at=timezone.now())
    with as_partner(world.police):
        assert my_joints(by=world.police) == []
        with pytest.raises(NotHere):
            open_joint(joint=row.uuid, by=world.police)


@pytest.mark.django_db
def test_a_cancelled_visit_takes_the_grants_back(world):
    row = arranged(world, world.patient(), [world.police])
    with scope(world.worker):
        with pytest.raises(Refused, match="请写明取消的原因"):
            settle_joint(joint=row, to=JointState.CANCELLED, because="", by=world.worker)
        settle_joint(joint=row, to=JointState.CANCELLED, because="改期", by=world.worker)
        with pytest.raises(Refused, match="不能从“已取消”变为“已完成”"):
            settle_joint(joint=row, to=JointState.DONE, because="", by=world.worker)
    with as_partner(world.police), pytest.raises(NotHere):
        open_joint(joint=row.uuid, by=world.police)
    with scope(world.privacy_officer):
        found = Lines(county_ledger(world.privacy_officer), Wanted(), total=2)[:9]
    acts = [(line.act, line.way, line.office, line.taken_back is not None) for line in found]
    office, way = world.police.agency.name, LedgerWay.JOINT.label
    assert acts == [("收回", way, office, False), ("通报", way, office, True)]


def moves(world: Any, patient: Any) -> None:
    with scope(world.county_office):
        move_patient(
            patient=Patient.objects.get(pk=patient.pk), on=timezone.localdate(), by=world.county_office,
            to_township=world.places[TOWN_B], reason="迁居", address="东路1号",
        )  # fmt: skip


def closes(world: Any, patient: Any) -> None:
    with scope(world.worker):
        person = Patient.objects.get(pk=patient.pk)
        close_patient(patient=person, value="moved_out", on=timezone.localdate(), by=world.worker, reason="迁出")


@pytest.mark.django_db
@pytest.mark.parametrize("goes", [moves, closes])
def test_who_has_moved_or_left_the_register_is_on_nobodys_sheet(world, goes):
    """Where the visit is past, its members may still sign what they did."""
    patient = world.patient()
    past, ahead = (arranged(world, patient, [world.police]) for _ in range(2))
    the_day_has_come(world, past)
    with scope(world.worker):
        settle_joint(joint=past, to=JointState.DONE, because="", by=world.worker)
    goes(world, patient)
    with as_partner(world.police):
        assert [one.uuid for one in my_joints(by=world.police)] == [past.uuid]
        with pytest.raises(NotHere):
            open_joint(joint=ahead.uuid, by=world.police)
    with scope(counties=[world.county.pk]):
        assert JointVisit.objects.get(pk=ahead.pk).state == JointState.CANCELLED
    assert [line.alert for line in ledger(patient) if line.act == "recalled"] == [ahead.uuid]


@pytest.mark.django_db
def test_an_objection_stands_on_the_sheet_and_in_the_ledger(world, log_in):
    patient, other = world.patient(), world.patient(name="另一人")
    with scope(world.worker):
        record_objection(
            patient=patient, on=timezone.localdate(), made_by="patient", about="sharing", words="", by=world.worker
        )
    row, plain = arranged(world, patient, [world.police]), arranged(world, other, [world.police])
    with as_partner(world.police):
        assert "异议" in open_joint(joint=row.uuid, by=world.police)["有异议"]
        assert "有异议" not in open_joint(joint=plain.uuid, by=world.police)
    assert {"disputed" in line.fields for line in ledger(patient)} == {True}
    assert {"disputed" in line.fields for line in ledger(other)} == {False}
    client = log_in(world.worker)
    papers = [client.get(reverse("exchange:joint_print", args=[one.uuid])).content.decode() for one in (row, plain)]
    assert ["有异议" in paper for paper in papers] == [True, False]


@pytest.mark.django_db
def test_a_member_signs_once_and_the_worker_reads_what_was_done(world):
    row = arranged(world, world.patient(), [world.police, world.political_legal])
    with as_partner(world.police):
        with pytest.raises(JointRefused):
            sign_joint(joint=row.uuid, did="", by=world.police)
        with pytest.raises(JointRefused, match="还没有到约定的日期"):
            sign_joint(joint=row.uuid, did="一起上门", by=world.police)
    the_day_has_come(world, row)
    with as_partner(world.police):
        assert sign_joint(joint=row.uuid, did="一起上门，见到本人", by=world.police) is True
        assert sign_joint(joint=row.uuid, did="改一改", by=world.police) is False
    with scope(world.worker):
        said = {one.user.username: one.did for one in members_of(row)}
    assert said == {"police": "一起上门，见到本人", "political_legal": None}


@pytest.mark.django_db
def test_only_the_townships_group_and_the_own_village_can_be_asked(world):
    patient = world.patient()
    cast = [world.police, world.police_b, world.political_legal, world.village_doctor, world.county_police]
    with scope(world.worker):
        found = {user.username for user in candidates(patient, timezone.localdate())}
        assert found == {"police", "political_legal", "village_doctor"}
        with pytest.raises(JointRefused, match="请从列出的人里选择"):
            arrange_joint(
                patient=patient, planned_at=timezone.now() + timedelta(days=1), sheet=SHEET, members=cast[1:2],
                form_id=uuid4(), by=world.worker,
            )  # fmt: skip


@pytest.mark.django_db
def test_a_village_doctor_and_another_township_arrange_nothing(world):
    patient = world.patient()
    for user in (world.village_doctor, world.worker_b):
        with scope(user), pytest.raises(Denied):
            arrange_joint(
                patient=patient, planned_at=timezone.now() + timedelta(days=1), sheet=SHEET, members=[world.police],
                form_id=uuid4(), by=user,
            )  # fmt: skip
    row = arranged(world, patient, [world.police])
    with scope(world.worker_b):
        assert not JointVisit.objects.filter(pk=row.pk).exists()


@pytest.mark.django_db
def test_the_pages_arrange_open_and_sign(world, log_in):
    patient = world.patient()
    member = world.police
    client = log_in(world.worker)
    at = f"{timezone.localtime() + timedelta(days=1):%Y-%m-%d %H:%M}"
    page = reverse("exchange:joint_new", args=[patient.uuid])
    refused = client.post(page, {"planned_at": "明天", "meet": "村口"})
    assert "请写成日期和时间，例如 2026-11-24 15:30。" in refused.content.decode()
    form = {"planned_at": at, "meet": "村口", "warning": "两人同行", "members": [str(member.uuid)]}
    saved = client.post(page, form, follow=True)
    assert saved.status_code == 200
    assert "还没有签名" in saved.content.decode()
    with scope(world.worker):
        row = JointVisit.objects.get(patient=patient)
    theirs = log_in(member)
    sheet = theirs.get(reverse("exchange:my_joint", args=[row.uuid])).content.decode()
    assert "试验患者" in sheet
    assert "精神分裂症" not in sheet
    assert "试验监护人" not in sheet
    early = theirs.post(reverse("exchange:my_joint", args=[row.uuid]), {"did": "见到本人"})
    assert "还没有到约定的日期" in early.content.decode()
    the_day_has_come(world, row)
    theirs.post(reverse("exchange:my_joint", args=[row.uuid]), {"did": "见到本人"})
    assert 'name="did"' not in theirs.get(reverse("exchange:my_joint", args=[row.uuid])).content.decode()
    assert "已签名" in theirs.get(reverse("exchange:my_joints")).content.decode()


@pytest.mark.django_db
def test_what_was_arranged_is_found_again_from_the_patients_page(world, log_in):
    patient, other = world.patient(), world.patient(name="另一人")
    row = arranged(world, patient, [world.police])
    the_day_has_come(world, row)
    with scope(world.worker):
        settle_joint(joint=row, to=JointState.DONE, because="", by=world.worker)
    client, here = log_in(world.worker), reverse("exchange:joint", args=[row.uuid])
    page = client.get(reverse("exchange:joint_new", args=[patient.uuid])).content.decode()
    assert here in page
    assert "已完成" in page
    assert here not in client.get(reverse("exchange:joint_new", args=[other.uuid])).content.decode()
