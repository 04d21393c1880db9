"""A list of another agency from its upload to the answer letter: sequence, classes, work, review, forgetting."""

from datetime import timedelta

import pyrage
import pytest
import time_machine
from django.db import DatabaseError, connection
from django.utils import timezone

from accounts.models import CountyPolicy
from accounts.queries.calendar import work_calendar
from accounts.refusals import Denied, NotHere, Refused
from accounts.rules.calendar import add_working_days
from accounts.scope import scope
from exchange.models import Difference, InboundContent, InboundList
from exchange.queries.inbound import own_lists
from exchange.services.answering import answer_due
from exchange.services.differences import accept_differences
from exchange.services.inbound import send_list
from exchange.services.inbound_comparing import compare_due
from exchange.services.inbound_forgetting import drop_drafts, forget_inbound
from exchange.terms import InboundKind
from registry.models import Patient
from registry.services.status import close_patient
from tests import factories
from tests.conftest import TOWN_A, TOWN_B, VILLAGE_A1, VILLAGE_B1
from tests.exchange.conftest import as_partner, save
from tests.exchange.inbound import (
    answer,
    by_police,
    clues,
    csv_of,
    differences,
    draft,
    row_of,
    send,
    stranger,
)

K = InboundKind
BORN = "1980-05-06"


def test_a_register_of_the_police_ends_in_five_classes_and_each_difference_with_its_township(lists):
    world = lists["world"]
    same, differs = world.patient(VILLAGE_A1, "一致甲"), world.patient(VILLAGE_B1, "不同乙")
    missing = world.patient(VILLAGE_A1, "漏报丙")
    save(world.worker, missing, 4)
    with scope(world.worker):
        ended = world.patient(VILLAGE_A1, "注销戊")
        close_patient(patient=ended, value="excluded", on=timezone.localdate(), by=world.worker, reason="排除")
    row = by_police(
        lists,
        [
            row_of(same),
            row_of(differs, phone="19900000099"),
            stranger(),
            row_of(ended),
            {"name": "丙", "id_number": "1"},
        ],
    )
    assert row.state == "compared"
    assert {name: n for name, n in row.counts.items() if n} == {
        "same": 1, "differs": 1, "only_theirs": 1, "only_ours": 1, "ended_here": 1, "refused": 1,
    }  # fmt: skip
    assert row.rows == 5
    assert [one["row"] for one in row.refusals] == [6]
    found = differences(lists["county"])
    assert set(found) == {"differs 不同乙", "only_theirs 外来丁", "only_ours 漏报丙", "ended_here 注销戊"}
    assert {name: one.township.code for name, one in found.items()} == {
        "differs 不同乙": TOWN_B, "only_theirs 外来丁": TOWN_A, "only_ours 漏报丙": TOWN_A, "ended_here 注销戊": TOWN_A,
    }  # fmt: skip
    assert found["differs 不同乙"].fields == ["phone"]
    due = add_working_days(timezone.localdate(), 10, work_calendar())
    assert {one.due_on for one in found.values()} == {due}
    assert not InboundContent.objects.exists()


def test_somebody_without_a_file_becomes_a_clue_and_never_a_patient(lists):
    before = Patient.objects.count()
    row = by_police(lists, [stranger(remark="常在车站")])
    assert row.counts["only_theirs"] == 1
    (clue,) = clues(lists["county"])
    assert (clue.report["name"], clue.source, clue.township.code, clue.state) == (
        "外来丁",
        "police",
        TOWN_A,
        "reported",
    )
    assert "常在车站" in clue.report["remark"]
    with scope(counties=[lists["county"].pk]):
        assert Patient.objects.count() == before
        assert differences(lists["county"])["only_theirs 外来丁"].clue == clue


def test_the_same_file_again_changes_nothing_and_says_so(lists):
    patient = lists["world"].patient(VILLAGE_A1, "不同乙")
    rows = [row_of(patient, phone="19900000099"), stranger()]
    first = by_police(lists, rows)
    known = (differences(lists["county"]).keys(), len(clues(lists["county"])))
    again = draft(lists["police"], lists["police_office"], lists["county"], K.POLICE_REGISTER, list(reversed(rows)))
    assert (again.uuid, again.state) == (first.uuid, "compared")
    assert compare_due() == 0
    assert InboundList.objects.count() == 1
    assert (differences(lists["county"]).keys(), len(clues(lists["county"]))) == known


def test_a_later_list_carries_what_it_still_shows_and_ends_what_agrees_now(lists):
    world = lists["world"]
    stays, mends = world.patient(VILLAGE_A1, "不同乙"), world.patient(VILLAGE_A1, "更正丙")
    wrong = {"phone": "19900000099"}
    first = by_police(lists, [row_of(stays, **wrong), row_of(mends, **wrong)])
    kept = differences(lists["county"])["differs 不同乙"]
    second = by_police(lists, [row_of(stays, **wrong), row_of(mends)])
    found = differences(lists["county"])
    assert set(found) == {"differs 不同乙"}
    assert (found["differs 不同乙"].pk, found["differs 不同乙"].inbound_id) == (kept.pk, first.pk)
    assert found["differs 不同乙"].last_inbound_id == second.pk
    with scope(counties=[lists["county"].pk]):
        assert Difference.objects.get(patient=mends).state == "lapsed"


@pytest.mark.parametrize(
    ("number", "gap", "sentence"),
    [(1, "", "第 1 份是旧的"), (4, "", "还没有收到第 3 份"), (9, "", "还没有收到第 3 至 8 份")],
)
def test_an_older_number_and_a_hole_are_refused_in_words(lists, number, gap, sentence):
    for serial in (1, 2):
        by_police(lists, [stranger(serial=serial)])
    with pytest.raises(Refused, match=sentence):
        by_police(lists, [stranger(serial=5)], number=number, gap_because=gap)
    assert InboundList.objects.exclude(state="draft").count() == 2


def test_a_hole_with_its_reason_is_taken(lists):
    assert by_police(lists, [stranger()], number=3, gap_because="前两份为纸质").number == 3


def test_who_may_hand_in_what(lists):
    world = lists["world"]
    with pytest.raises(Denied):
        draft(world.worker, lists["police_office"], lists["county"], K.POLICE_REGISTER, [stranger()], number=1)
    with pytest.raises(NotHere):
        draft(lists["civil"], lists["police_office"], lists["county"], K.POLICE_REGISTER, [stranger()], number=1)
    with pytest.raises(NotHere):
        draft(lists["police"], lists["police_office"], lists["county"], K.DIBAO, [stranger()], number=1)
    CountyPolicy.objects.create(
        county=lists["county"], key="carried_lists_signed", value=False, starts_on=timezone.localdate(),
        set_by=lists["office"],
    )  # fmt: skip
    by_clerk = send(lists["clerk"], lists["police_office"], lists["county"], K.POLICE_REGISTER, [stranger()])
    assert InboundList.objects.get(uuid=by_clerk.uuid).via == "clerk"
    with as_partner(lists["police"]):
        assert [one.number for one in own_lists()] == [1]
    with as_partner(lists["civil"]):
        assert list(own_lists()) == []


def test_an_agency_hands_in_as_app_partner_and_reads_nothing_back(lists):
    from exchange.services.inbound import draft_list
    from tests.exchange.inbound import handed

    said = handed(lists["police"], lists["police_office"], K.POLICE_REGISTER, county=lists["county"])
    with as_partner(lists["police"]):
        one = draft_list(handed=said, content=csv_of(K.POLICE_REGISTER, [stranger()]), name="a.csv", by=lists["police"])
        sent = send_list(uuid=one.uuid, seen=one.fingerprint, by=lists["police"])
        assert sent.state == "sent"
    for table in ("exchange_inboundcontent", "exchange_difference", "exchange_inboundlist", "registry_deathreport"):
        with pytest.raises(DatabaseError), as_partner(lists["police"]), connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")
    with scope(lists["clerk"]):
        assert list(InboundContent.objects.all()) == []


def test_only_what_was_looked_through_is_sent(lists):
    one = draft(lists["police"], lists["police_office"], lists["county"], K.POLICE_REGISTER, [stranger()])
    with scope(lists["police"]), pytest.raises(Refused, match="不是刚才检查的那份"):
        send_list(uuid=one.uuid, seen="0" * 64, by=lists["police"])
    with scope(lists["clerk"]), pytest.raises(NotHere):
        send_list(uuid=one.uuid, seen=one.fingerprint, by=lists["clerk"])
    with scope(lists["police"]):
        first = send_list(uuid=one.uuid, seen=one.fingerprint, by=lists["police"])
        assert send_list(uuid=one.uuid, seen=one.fingerprint, by=lists["police"]).sent_at == first.sent_at
    assert compare_due() == 1
    assert compare_due() == 0


def test_a_new_draft_takes_the_place_of_the_one_not_sent_and_old_drafts_go(lists):
    for serial in (1, 2):
        draft(lists["police"], lists["police_office"], lists["county"], K.POLICE_REGISTER, [stranger(serial=serial)])
    assert InboundList.objects.count() == 1
    with scope(counties=[lists["county"].pk]):
        assert drop_drafts(now_day=timezone.localdate()) == 0
        assert drop_drafts(now_day=timezone.localdate() + timedelta(days=2)) == 1
        assert not InboundContent.objects.exists()


def test_an_encrypted_file_is_opened_with_the_countys_key_only(lists, settings):
    identity, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    plain = csv_of(K.POLICE_REGISTER, [stranger()])
    sealed = pyrage.encrypt(plain, [identity.to_public()])
    args = (lists["police"], lists["police_office"], lists["county"], K.POLICE_REGISTER, [])
    with pytest.raises(Refused, match="还没有设置接收加密文件的密钥"):
        draft(*args, content=sealed, name="名册.csv.age")
    settings.EXCHANGE_IDENTITY = str(identity)
    assert draft(*args, content=sealed, name="名册.csv.age").rows == 1
    flipped = sealed[:-3] + bytes([sealed[-3] ^ 1]) + sealed[-2:]
    for wrong in (flipped, pyrage.encrypt(plain, [other.to_public()]), sealed[:-20], b"age", plain):
        with pytest.raises(Refused, match="文件解不开"):
            draft(*args, content=wrong, name="名册.csv.age")


def test_bad_files_are_refused_in_words(lists):
    args = (lists["police"], lists["police_office"], lists["county"], K.POLICE_REGISTER, [])
    number = factories.id_number(serial=1)
    for content, name, sentence in (
        (b"x", "a.pdf", "只能导入 .xlsx 或 .csv"),
        ("姓名,身份证号,诊断\n甲,1,精神分裂症\n".encode(), "a.csv", "不认识的列：诊断"),
        ("姓名\n甲\n".encode(), "a.csv", "缺少必需的列：身份证号"),
        ("姓名,身份证号\n".encode(), "a.csv", "名册里没有人"),
        ("姓名,身份证号\n甲,12\n".encode(), "a.csv", "第 2 行“身份证号”"),
        (b"PK\x03\x04", "a.xlsx", "不是有效的 .xlsx"),
        (b"x" * (10 * 1024 * 1024 + 1), "a.csv", "超过 10 MB"),
        (f"姓名,身份证号\n甲,{number}".encode("utf-16"), "a.csv", "编码不认识|不认识的列|控制字符"),
    ):
        with pytest.raises(Refused, match=sentence):
            draft(*args, content=content, name=name)
    assert draft(*args, content=f"姓名,身份证号\n甲,{number}".encode("gb18030"), name="a.CSV").rows == 1


# forgetting, moving, faults


def test_what_a_list_said_of_people_is_forgotten_after_the_answer(lists):
    world, office = lists["world"], lists["office"]
    patient = world.patient(VILLAGE_A1, "不同乙")
    row = by_police(lists, [row_of(patient, phone="19900000099")])
    (one,) = differences(lists["county"]).values()
    answer(world.worker, one, "cannot", "本人不在家")
    with scope(office):
        accept_differences(row=row, chosen=[one.uuid], by=office)
    assert answer_due() == 1
    CountyPolicy.objects.create(
        county=lists["county"], key="inbound_forget_days", value=5, starts_on=timezone.localdate(), set_by=office
    )
    today = timezone.localdate()
    with scope(counties=[lists["county"].pk]):
        assert forget_inbound(today=today + timedelta(days=4)) == 0
        with time_machine.travel(timezone.now() + timedelta(days=5), tick=False):
            assert forget_inbound(today=timezone.localdate()) == 1
            assert forget_inbound(today=timezone.localdate()) == 0
        one.refresh_from_db()
        assert (one.told, one.words, one.conclusion, one.found) == (None, "", "cannot", "differs")


def test_the_rows_lie_sealed_and_no_name_stands_in_clear(lists):
    send(lists["police"], lists["police_office"], lists["county"], K.POLICE_REGISTER, [stranger("金丝雀人")])
    compare_due()
    tables = ("exchange_inboundlist", "exchange_inboundcontent", "exchange_difference")
    with connection.cursor() as cursor, scope(counties=[lists["county"].pk]):
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE '%%金丝雀%%'")
            assert cursor.fetchone()[0] == 0


def test_a_list_that_breaks_stays_waiting_and_says_so(lists, monkeypatch):
    from exchange.services import inbound_comparing

    send(lists["police"], lists["police_office"], lists["county"], K.POLICE_REGISTER, [stranger()])
    whole = inbound_comparing.hand_out
    monkeypatch.setattr(inbound_comparing, "hand_out", lambda *_: 1 / 0)
    assert compare_due() == 0
    row = InboundList.objects.get()
    assert (row.state, row.counts) == ("sent", {})
    assert "系统会再试" in row.fault
    assert clues(lists["county"]) == []
    monkeypatch.setattr(inbound_comparing, "hand_out", whole)
    assert compare_due() == 1
    assert InboundList.objects.get().fault == ""
