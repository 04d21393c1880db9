"""Free dispensing, the trend of adherence, laboratory and the yearly examination."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from accounts.refusals import Denied, Refused
from accounts.scope import scope
from followup.models import Checkup, Dispensing
from followup.rules.adherence import Taken, trend_of
from followup.rules.checkups import CheckupFacts, checkup_problems, exam_state, still_missing
from followup.rules.prescriptions import DayLimits
from followup.rules.supplies import Supply, SupplyFacts, collection_words, gaps, supply_problems
from followup.services.checkups import record_checkup
from followup.services.dispensing import SupplyRefused, correct_dispensing, dispense
from followup.services.refusals import FormUsed
from followup.services.striking import strike
from tests.followup.conftest import days_ago

DAY = date(2026, 3, 10)
LIMITS = DayLimits(DAY, date(1980, 1, 1))


def handed(**more: Any) -> SupplyFacts:
    known: dict[str, Any] = {
        "name": "奥氮平", "handed_on": DAY, "amount": Decimal(2), "pack": "1", "batch": "B7", "days": 30,
        "receiver": "1", "handed_by": "冉医生",
    }  # fmt: skip
    return SupplyFacts(**{**known, **more})


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"name": ""}, "name", "请选择药品。"),
        ({"amount": Decimal(0)}, "amount", "数量：请填 0 到 10000 之间的数字，最多一位小数。"),
        ({"amount": Decimal("NaN")}, "amount", "数量：请填 0 到 10000 之间的数字，最多一位小数。"),
        ({"amount": Decimal("1.25")}, "amount", "数量：请填 0 到 10000 之间的数字，最多一位小数。"),
        ({"batch": ""}, "batch", "请填批号，在药盒上。"),
        ({"days": 0}, "days", "够用天数应在 1 到 120 之间。"),
        ({"days": 121}, "days", "够用天数应在 1 到 120 之间。"),
        ({"receiver": "2"}, "receiver_name", "不是本人领的，请填领药人姓名。"),
        ({"receiver": "4", "receiver_name": "李某"}, "receiver_relation",
         "请填领药人与患者的关系，例如：妹妹、村医。"),
        ({"handed_by": ""}, "handed_by", "请填发药人。"),
        ({"handed_on": DAY + timedelta(days=1)}, "handed_on", "发放日期不能晚于今天。"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(more, field, sentence):
    assert [(one.field, one.message) for one in supply_problems(handed(**more), LIMITS)] == [(field, sentence)]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (3, "下次领药 3 月 13 日前，还有 3 天"),
        (0, "下次领药 3 月 10 日，就是今天"),
        (-4, "应于 3 月 6 日前领药，已过 4 天"),
    ],
)
def test_the_next_collection_in_words(days, words):
    assert collection_words(DAY + timedelta(days=days), DAY) == words


def test_gaps_count_what_was_left_over():
    def supply(start: int, days: int) -> Supply:
        on = DAY + timedelta(days=start)
        return Supply("奥氮平", on, on + timedelta(days=days))

    early, late, last = supply(0, 30), supply(20, 30), supply(70, 30)
    assert gaps([late, early, last], DAY + timedelta(days=99)) == [(late, 10)]  # covered until day 60
    assert gaps([early], DAY + timedelta(days=30)) == []
    assert gaps([early], DAY + timedelta(days=31)) == [(early, 1)]


def test_the_trend_is_drawn_from_what_was_said_and_put_into_words():
    said = [
        Taken(DAY, 1),
        Taken(DAY, 2, side_effect="手抖"),
        Taken(DAY, 1, in_hospital=True),
        Taken(DAY, 4),
        Taken(DAY, 3),
    ]
    trend = trend_of(said)
    assert trend.words == "最近 5 次随访：规律 1 次，间断 1 次，不用药 1 次，医嘱勿需用药 1 次，住院 1 次。"
    assert [(mark.x, mark.css) for mark in trend.marks] == [("48.0", "a-1"), ("113.0", "a-2"), ("308.0", "a-3")]
    assert trend_of([Taken(DAY, None)]) is None


def checked(**more: Any) -> CheckupFacts:
    return CheckupFacts(**{"kind": "yearly", "checked_on": DAY, "values": {"weight": "60"}, **more})


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"values": {"weight": "600"}}, "weight", "体重：600 不像是测得的数，应在 10 到 350 kg 之间。"),
        ({"values": {"wbc": "高"}}, "wbc", "白细胞：请填数字。"),
        ({"values": {"systolic": "80", "diastolic": "120"}}, "diastolic", "舒张压应低于收缩压，请核对。"),
        ({"ecg": "2"}, "ecg_text", "心电图异常的，请写明所见。"),
        ({"values": {}}, "summary", "请至少填一项结果，或写明检查情况。"),
        ({"outcome": "refused", "values": {}}, "reason", "没有体检的，请写明原因。"),
        ({"outcome": "unfit", "reason": "发热"}, "outcome", "填了结果，就是已检查。没有检查的请清空结果。"),
        ({"kind": "lab", "outcome": "refused", "values": {}, "reason": "拒绝"}, "outcome",
         "只有年度健康体检可以登记为不能检查。"),
    ],
)  # fmt: skip
def test_results_that_cannot_be_are_refused_at_their_field(more, field, sentence):
    assert [(one.field, one.message) for one in checkup_problems(checked(**more), LIMITS)] == [(field, sentence)]


def test_the_yearly_examination_says_what_it_still_lacks():
    assert still_missing(checked(values={"systolic": "120", "diastolic": "80", "weight": "60", "wbc": "5"})) == (
        "中性粒细胞", "丙氨酸氨基转移酶 ALT", "空腹血糖", "心电图",
    )  # fmt: skip
    assert still_missing(checked(kind="lab")) == ()


@pytest.mark.parametrize(
    ("last", "more", "state"),
    [
        (date(2026, 1, 1), {}, "done"),
        (date(2026, 1, 1), {"agreed": False}, "done"),
        (date(2025, 12, 31), {}, "due"),
        (date(2024, 12, 31), {}, "late"),
        (None, {}, "late"),
        (None, {"opened_on": date(2025, 1, 1)}, "due"),
        (None, {"opened_on": date(2024, 12, 31)}, "late"),
        (None, {"agreed": False}, "not_asked"),
        (None, {"excused_this_year": True}, "excused"),
    ],
)
def test_who_is_due_for_the_yearly_examination(last, more, state):
    known: dict[str, Any] = {"opened_on": date(2020, 1, 1), "agreed": True, "excused_this_year": False, **more}
    assert exam_state(today=DAY, last_done_on=last, **known) == state


# with the database


def hand_out(patient: Any, by: Any, **more: Any) -> Dispensing:
    form_id = more.pop("form_id", None) or uuid4()
    with scope(by):
        facts = handed(**{"handed_on": days_ago(1), **more})
        return dispense(patient=patient, facts=facts, form_id=form_id, by=by)


@pytest.mark.django_db
def test_a_hand_out_is_kept_once_with_its_receiver_sealed(world):
    patient, form_id = world.patient(), uuid4()
    more = {"receiver": "3", "receiver_name": "钱某某", "receiver_relation": "妹妹", "form_id": form_id}
    row = hand_out(patient, world.worker, **more)
    assert hand_out(patient, world.worker, **more) == row
    with pytest.raises(FormUsed):
        hand_out(world.patient(), world.worker, **more)
    assert row.next_on == days_ago(-29)
    with scope(world.worker):
        assert Dispensing.objects.get(pk=row.pk).words == {"name": "钱某某", "relation": "妹妹"}
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_jsonb(t)::text FROM followup_dispensing t WHERE id = %s", [row.pk])
            assert "钱某某" not in cursor.fetchone()[0]


@pytest.mark.django_db
def test_a_wrong_hand_out_is_corrected_by_a_new_record_and_both_stay(world):
    row = hand_out(world.patient(), world.worker)
    with scope(world.worker):
        with pytest.raises(Refused, match="请写明更正的原因"):
            correct_dispensing(
                dispensing=row, facts=handed(handed_on=days_ago(1)), because="", form_id=uuid4(), by=world.worker
            )
        facts = handed(handed_on=days_ago(1), amount=Decimal(3))
        new = correct_dispensing(dispensing=row, facts=facts, because="少写一盒", form_id=uuid4(), by=world.worker)
        with pytest.raises(Refused, match="已经更正或作废过"):
            correct_dispensing(dispensing=row, facts=facts, because="再来", form_id=uuid4(), by=world.worker)
        row.refresh_from_db()
    assert (row.struck_words, new.corrects, new.amount) == ({"because": "少写一盒"}, row.uuid, Decimal(3))


@pytest.mark.django_db
def test_a_correction_that_is_refused_leaves_the_record_as_it_was(world):
    row = hand_out(world.patient(), world.worker)
    with scope(world.worker):
        with pytest.raises(SupplyRefused, match="没有“糖丸”"):
            correct_dispensing(
                dispensing=row,
                facts=handed(handed_on=days_ago(1), name="糖丸"),
                because="x",
                form_id=uuid4(),
                by=world.worker,
            )
        row.refresh_from_db()
        assert row.struck_at is None


@pytest.mark.django_db
def test_only_who_may_writes_and_only_at_home(world):
    patient = world.patient()
    facts = checked(checked_on=days_ago(1))
    for by in (world.village_doctor, world.leader, world.worker_b):
        with pytest.raises(Denied):
            hand_out(patient, by)
        with scope(by), pytest.raises(Denied):
            record_checkup(patient=patient, facts=facts, form_id=uuid4(), by=by)


@pytest.mark.django_db
def test_results_are_sealed_and_struck_with_a_reason(world):
    patient, form_id = world.patient(), uuid4()
    with scope(world.worker):
        facts = checked(checked_on=timezone.localdate(), summary="自述胸闷")
        row = record_checkup(patient=patient, facts=facts, form_id=form_id, by=world.worker)
        assert record_checkup(patient=patient, facts=facts, form_id=form_id, by=world.worker) == row
        assert Checkup.objects.get(pk=row.pk).content["values"] == {"weight": "60"}
        with pytest.raises(Refused, match="请写明作废的原因"):
            strike(row, because="", by=world.worker)
        strike(row, because="测错了人", by=world.worker)
        assert Checkup.objects.get(pk=row.pk).struck_words == {"because": "测错了人"}
