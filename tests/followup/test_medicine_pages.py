"""The pages of medication, as the township worker sees them; what is typed wrongly comes back with its sentence."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import CountyPolicy
from accounts.queries.work import work_lines
from accounts.rules.day_words import long_day, short_day
from accounts.rules.work import Topic
from accounts.scope import scope
from followup.models import Checkup, Dispensing, Injection, Prescription
from followup.queries.medicine_lists import injection_month
from followup.rules.facts import Drug
from registry.models import Patient
from registry.rules.status_details import StatusDetails
from registry.services.status import set_status
from tests.followup.conftest import days_ago
from tests.followup.test_injections import NAME, inject, under
from tests.followup.test_supplies import checked, hand_out

pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    return response.content.decode()


def send(client: Any, page: str, /, *args: Any, **data: Any) -> Any:
    return client.post(reverse(f"followup:{page}", args=args), {"form_id": str(uuid4()), **data})


def today_iso(back: int = 0) -> str:
    return days_ago(back).isoformat()


def test_a_worker_prescribes_injects_dispenses_and_examines(world, log_in):
    patient, client = world.patient(), log_in(world.worker)
    line = {
        "name": NAME,
        "every_weeks": "4",
        "each": "100",
        "unit": "mg",
        "starts_on": today_iso(40),
        "prescriber": "周医师",
    }
    assert send(client, "prescription_new", patient.uuid, **line).status_code == 302
    with scope(world.worker):
        row = Prescription.objects.get()
    shot = {
        "prescription": str(row.uuid),
        "given_on": today_iso(),
        "dose": "100",
        "batch": "A1",
        "site": "3",
        "given_by": "王护士",
    }
    saved = client.post(
        reverse("followup:injection_new", args=[patient.uuid]), {"form_id": str(uuid4()), **shot}, follow=True
    )
    due = timezone.localdate() + timedelta(days=28)
    assert f"下次注射 {long_day(due, timezone.localdate())}，还有 28 天" in text(saved)
    box = {
        "name": "奥氮平", "handed_on": today_iso(), "amount": "2", "pack": "1", "batch": "B7", "days": "30", "receiver": "2",
        "receiver_name": "李某", "handed_by": "冉医生",
    }  # fmt: skip
    assert send(client, "dispensing_new", patient.uuid, **box).status_code == 302
    assert (
        send(
            client, "checkup_new", patient.uuid, "yearly", checked_on=today_iso(), outcome="done", weight="60"
        ).status_code
        == 302
    )
    page = text(client.get(reverse("followup:medicine", args=[patient.uuid])))
    for said in (
        f"{NAME} 每 4 周一次，每次 100 mg",
        "左三角肌，批号 A1，王护士 注射；漏打后补打，晚 40 天",
        "奥氮平 2 盒，够 30 天",
        "监护人 李某领",
        "今年已于",
        "还缺：收缩压",
    ):
        assert said in page
    printed = text(client.get(reverse("followup:dispensing_print", args=[patient.uuid])))
    assert "监护人，李某" in printed


LINE = {"unit": "mg", "starts_on": "2026-01-05", "prescriber": "周医师"}
BOX = {
    "name": "奥氮平", "handed_on": "2026-01-05", "amount": "2", "pack": "1", "batch": "B7", "days": "30", "receiver": "1",
    "handed_by": "冉医生",
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "args", "data", "sentence"),
    [
        ("prescription_new", (), {**LINE, "name": "糖丸", "morning": "1"}, "药品词典里没有“糖丸”"),
        ("prescription_new", (), {**LINE, "name": "奥氮平", "morning": "很多"}, "早：请填数字，例如 1.5。"),
        ("dispensing_new", (), {"name": "奥氮平", "amount": "几盒"}, "数量：请填数字，例如 2。"),
        ("dispensing_new", (), {**BOX, "days": "500"}, "够用天数应在 1 到 120 之间。"),
        ("dispensing_new", (), {"name": "奥氮平", "handed_on": "昨天"}, "不是一个日期"),
        (
            "checkup_new",
            ("yearly",),
            {"outcome": "done", "checked_on": "2026-01-05", "weight": "600"},
            "体重：600 不像是测得的数",
        ),
        ("checkup_new", ("lab",), {"wbc": "5"}, "请填检查日期。"),
        ("injection_new", (), {}, "请选择是哪张长效针剂处方。"),
    ],
)
def test_what_is_wrong_comes_back_beside_its_field(world, log_in, name, args, data, sentence):
    patient, client = world.patient(), log_in(world.worker)
    answer = send(client, name, patient.uuid, *args, **data)
    assert answer.status_code == 400
    assert sentence in text(answer)
    with scope(world.worker):
        assert [model.objects.count() for model in (Prescription, Injection, Dispensing, Checkup)] == [0, 0, 0, 0]


def test_an_early_injection_says_the_earliest_day_and_keeps_what_was_typed(world, log_in):
    row = under(world.patient(), world.worker)
    inject(row, world.worker, days_ago(10))
    client = log_in(world.worker)
    shot = {
        "prescription": str(row.uuid),
        "given_on": today_iso(),
        "dose": "100",
        "batch": "批号九",
        "site": "3",
        "given_by": "王",
    }
    refused = send(client, "injection_new", row.patient.uuid, **shot)
    assert refused.status_code == 400
    assert f"最早 {days_ago(-15)} 可以注射" in text(refused)
    assert 'value="批号九"' in text(refused)
    again = send(client, "injection_new", row.patient.uuid, **shot, early_doctor="周医师", early_reason="起始给药")
    assert again.status_code == 302
    assert "提前，有医嘱（周医师：起始给药）" in text(client.get(reverse("followup:medicine", args=[row.patient.uuid])))


def test_records_are_struck_and_corrected_from_the_tab_and_stay(world, log_in):
    row = hand_out(world.patient(), world.worker)
    client = log_in(world.worker)
    box = {
        "name": "奥氮平", "handed_on": today_iso(1), "amount": "3", "pack": "1", "batch": "B7", "days": "30", "receiver": "1",
        "handed_by": "冉医生",
    }  # fmt: skip
    assert "请写明更正的原因" in text(send(client, "dispensing_correct", row.uuid, **box))
    assert send(client, "dispensing_correct", row.uuid, **box, because="少写一盒").status_code == 302
    with scope(world.worker):
        new = Dispensing.objects.get(struck_at=None)
    assert send(client, "medicine_strike", "dispensing", new.uuid, because="没有领").status_code == 302
    assert "已经作废" in text(send(client, "medicine_strike", "dispensing", new.uuid, because="没有领"))
    page = text(client.get(reverse("followup:medicine", args=[row.patient.uuid])))
    assert "作废：少写一盒" in page
    assert "作废：没有领" in page
    assert client.post(reverse("followup:medicine_strike", args=["nonsense", new.uuid])).status_code == 404


def test_a_form_sent_again_with_other_content_is_not_pretended_to_be_saved(world, log_in):
    """The back button: the form's number stands, the content is another one."""
    patient, client, form_id = world.patient(), log_in(world.worker), str(uuid4())
    sent = {**BOX, "form_id": form_id, "handed_on": today_iso(1)}
    for name, args, first, changed in (
        ("dispensing_new", [], sent, {"amount": "5"}),
        ("checkup_new", ["lab"], {"form_id": form_id, "checked_on": today_iso(1), "wbc": "5"}, {"wbc": "6"}),
        ("prescription_new", [], {**LINE, "form_id": form_id, "name": "奥氮平", "morning": "5"}, {"morning": "10"}),
    ):  # fmt: skip
        address = reverse(f"followup:{name}", args=[patient.uuid, *args])
        assert client.post(address, first).status_code == 302
        assert client.post(address, first).status_code == 302
        again = client.post(address, first | changed)
        assert again.status_code == 400
        assert "这次改的内容没有保存" in text(again)
    with scope(world.worker):
        assert [model.objects.count() for model in (Prescription, Dispensing, Checkup)] == [1, 1, 1]


def test_another_townships_record_cannot_be_named(world, log_in):
    row = hand_out(world.patient(), world.worker)
    shot = inject(under(world.patient(), world.worker), world.worker, days_ago(3))
    client = log_in(world.worker_b)
    for name, args in (
        ("medicine", [row.patient.uuid]), ("dispensing_correct", [row.uuid]), ("medicine_strike", ["dispensing", row.uuid]),
        ("medicine_strike", ["injection", shot.uuid]), ("injection_new", [row.patient.uuid]),
        ("dispensing_print", [row.patient.uuid]), ("checkup_new", [row.patient.uuid, "yearly"]),
    ):  # fmt: skip
        assert client.get(reverse(f"followup:{name}", args=args)).status_code == 404


def test_a_village_doctor_reads_and_is_offered_nothing_to_write(world, log_in):
    row = under(world.patient(), world.worker)
    page = text(log_in(world.village_doctor).get(reverse("followup:medicine", args=[row.patient.uuid])))
    assert NAME in page
    assert "登记注射" not in page
    assert "登记处方" not in page


def test_the_month_shows_due_given_and_missed(world):
    today = timezone.localdate()
    late, done = under(world.patient(name="试验甲"), world.worker), under(world.patient(name="试验乙"), world.worker)
    inject(late, world.worker, days_ago(50))
    inject(done, world.worker, days_ago(28))
    inject(done, world.worker, today)
    with scope(world.worker):
        first, last = today - timedelta(days=15), today + timedelta(days=60)
        found = [(one.name, one.state, one.on) for one in injection_month(world.worker, first, last, today)]
    assert found == [
        ("试验甲", "missed", days_ago(22)),
        ("试验乙", "given", today),
        ("试验乙", "due", days_ago(-28)),
        ("试验乙", "due", days_ago(-56)),
    ]
    with scope(world.worker_b):
        assert injection_month(world.worker_b, first, last, today) == []


def test_the_months_page_counts_by_township_and_takes_any_address(world, log_in):
    inject(under(world.patient(name="试验甲"), world.worker), world.worker, timezone.localdate())
    client = log_in(world.county_office)
    address = reverse("followup:injections")
    assert "试验甲" in text(client.get(address, {"township": world.town_a.pk}))
    for month in ("2026-13", "abc", "9999-12", "0001-01", ""):
        assert client.get(address, {"month": month, "township": "x"}).status_code == 200


def test_todays_work_has_injections_collections_and_the_examinations(world):
    today = timezone.localdate()
    soon, far = under(world.patient(name="试验甲"), world.worker), under(world.patient(name="试验乙"), world.worker)
    inject(soon, world.worker, days_ago(25))
    inject(far, world.worker, days_ago(24))
    hand_out(world.patient(name="试验丙"), world.worker, handed_on=days_ago(30))
    with scope(world.worker):
        lines = work_lines(world.worker, today)[Topic.MEDICINE]
    assert [(one.name, one.verb) for one in lines] == [
        ("试验丙", "登记发药"), ("试验甲", "登记注射"), ("年度健康体检", "看名单"),
    ]  # fmt: skip
    assert lines[1].why == f"{NAME}，下次注射 {long_day(today + timedelta(days=3), today)}，还有 3 天"
    assert lines[2].why == "今年还有 3 人没有体检，12 月 31 日前"
    with scope(world.county_office):
        assert Topic.MEDICINE not in work_lines(world.county_office, today)


def test_a_county_says_when_an_injection_counts_as_missed(world, log_in):
    row = under(world.patient(), world.worker)
    inject(row, world.worker, days_ago(30))
    CountyPolicy.objects.create(county=world.county, key="lai_missed_days", value=1, starts_on=days_ago(9))
    page = text(log_in(world.worker).get(reverse("followup:medicine", args=[row.patient.uuid])))
    assert "已过 2 天，漏打" in page


def test_the_examination_list_asks_whom_it_may_ask(world, log_in):
    from followup.services.checkups import record_checkup

    world.patient(name="试验甲")
    world.patient(name="试验乙", consent=False)
    ill, done = world.patient(name="试验丙"), world.patient(name="试验丁")
    with scope(world.worker):
        unfit = checked(checked_on=timezone.localdate(), values={}, outcome="unfit", reason="发热")
        record_checkup(patient=ill, facts=unfit, form_id=uuid4(), by=world.worker)
        record_checkup(patient=done, facts=checked(checked_on=timezone.localdate()), form_id=uuid4(), by=world.worker)
    client = log_in(world.worker)
    names = ("试验甲", "试验乙", "试验丙", "试验丁")
    for show, name in (("wanted", "试验甲"), ("not_asked", "试验乙"), ("excused", "试验丙"), ("done", "试验丁")):
        page = text(client.get(reverse("followup:exams"), {"show": show}))
        assert [one for one in names if one in page] == [name]
    assert "试验甲" not in text(log_in(world.worker_b).get(reverse("followup:exams")))


def test_a_visits_form_offers_the_prescriptions_and_the_tab_says_what_differs(world, log_in, record):
    patient = world.patient()
    record(patient, world.worker, days_ago(60), drugs=(Drug("奥氮平", evening="10"),))
    client = log_in(world.worker)
    dose = {"name": "奥氮平", "evening": "15", "unit": "mg", "starts_on": today_iso(20), "prescriber": "周医师"}
    assert send(client, "prescription_new", patient.uuid, **dose).status_code == 302
    form = text(client.get(reverse("followup:visit_new", args=[patient.uuid])))
    assert 'name="drug1_evening" id="id_drug1_evening" maxlength="12" value="15"' in form
    record(patient, world.village_doctor, drugs=(Drug("奥氮平", evening="5"),))
    tab = reverse("followup:medicine", args=[patient.uuid])
    assert "写的用药与处方不同：奥氮平 晚 5 mg" in text(client.get(tab))
    assert "处方已按最近一次随访更新" in text(
        client.post(reverse("followup:prescription_follow", args=[patient.uuid]), follow=True)
    )
    assert "写的用药与处方不同" not in text(client.get(tab))


def test_the_county_keeps_its_dictionary(world, log_in):
    client, page = log_in(world.county_office), reverse("followup:medicines")
    assert "棕榈酸帕利哌酮注射液" in text(client.get(page))
    entry = {"name": "县院自制药", "kind": "other", "form": "oral", "unit": "piece", "essential": ""}
    assert client.post(page, entry).status_code == 302
    assert "已经有“县院自制药”" in text(client.post(page, entry))
    assert "只有注射剂才有注射间隔" in text(client.post(page, entry | {"name": "又一种", "interval_days": "28"}))
    from followup.models import Medicine

    uuid = Medicine.objects.get(name="县院自制药").uuid
    assert "县院自制药已停用" in text(client.post(reverse("followup:medicine_switch", args=[uuid]), follow=True))
    assert "县院自制药已恢复" in text(client.post(reverse("followup:medicine_switch", args=[uuid]), follow=True))


def offered(world):
    """Lines of medicine on the worker's day, those of the examination left out."""
    with scope(world.worker):
        lines = work_lines(world.worker, timezone.localdate()).get(Topic.MEDICINE, [])
        return [(item.name, item.verb) for item in lines if item.verb in ("登记注射", "登记发药")]


@pytest.mark.parametrize("way", ["admitted", "ticked", "detained"])
def test_while_a_hospital_or_custody_gives_the_medicine_nobody_is_asked_for_it(world, log_in, record, way):
    row = under(world.patient(name="试验甲", opened_on=days_ago(90)), world.worker)
    inject(row, world.worker, days_ago(50))
    hand_out(row.patient, world.worker, name=NAME, handed_on=days_ago(31))
    assert {verb for _name, verb in offered(world)} == {"登记注射", "登记发药"}
    _goes_inside(world, record, row.patient, way)
    assert offered(world) == []
    today = timezone.localdate()
    with scope(world.worker):
        assert injection_month(world.worker, today - timedelta(days=5), today + timedelta(days=5), today) == []
    client = log_in(world.worker)
    page = text(client.get(reverse("followup:medicine", args=[row.patient.uuid])))
    where = "羁押或强制医疗" if way == "detained" else "住院"
    assert f"正在{where}，由所在单位给药" in page
    assert f"原定 {short_day(days_ago(22), timezone.localdate())}" in page
    assert "另有 1 人正在住院、羁押或强制医疗" in text(client.get(reverse("followup:injections")))
    if way == "ticked":
        record(row.patient, world.worker)
    else:
        with scope(world.worker):
            set_status(patient=row.patient, value="managed", on=today, by=world.worker, reason="已经回家")
    assert {verb for _name, verb in offered(world)} == {"登记注射", "登记发药"}


def _goes_inside(world, record, patient, way):
    if way == "ticked":
        record(patient, world.worker, days_ago(9), hospital=1, level=None, insight=None, adherence=None)
        return
    details = StatusDetails(reason_code="held_pol", place="县看守所", unit="县看守所医务室")
    with scope(world.worker):
        mine = Patient.objects.get(pk=patient.pk)
        set_status(patient=mine, value=way, on=days_ago(9), by=world.worker, reason="告知",
                   details=details if way == "detained" else None)  # fmt: skip
