"""The pages as a person meets them: what is shown, what is refused, and that nothing typed is lost."""

import re
from uuid import uuid4

import pytest
from django.db.models.signals import post_save
from django.urls import reverse

from accounts.models import AccessLog
from accounts.scope import scope
from followup.models import Attempt, Visit
from followup.rules.facts import Drug
from tests.followup.conftest import Ago, days_ago, of_today

pytestmark = pytest.mark.django_db
FULL = {
    "form": "2", "seen": ["1", "2"], "level": "1", "insight": "2", "sleep": "1", "diet": "1", "self_care": "1",
    "housework": "2", "work": "2", "learning": "1", "social": "2", "locked": "1", "hospital": "0", "lab": "1",
    "adherence": "1", "side_effect": "1", "effect": "2", "referral": "1", "guidance_same": "1",
}  # fmt: skip


def new(patient):
    return reverse("followup:visit_new", args=[patient.uuid])


def filled(**changes):
    return {"form_id": str(uuid4()), "visited_on": days_ago(0).isoformat(), **FULL, **changes}


def only(patient, world):
    with scope(world.worker):
        return Visit.objects.select_related("root").get(patient=patient)


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# --- the form ------------------------------------------------------------------------------------------------------


def test_the_form_has_every_panel_in_the_order_of_the_paper(world, log_in):
    page = log_in(world.worker).get(new(world.patient())).content.decode()
    heads = re.findall(r'<span class="sec-n">(\d)</span>([^<]+)</h2>', page)
    assert heads == [
        ("1", "本次随访"), ("2", "危险性评估"), ("3", "精神状况"), ("4", "社会功能"), ("5", "上次随访以来"),
        ("6", "检查和治疗"), ("7", "用药和康复"), ("8", "分类和下次随访"),
    ]  # fmt: skip
    assert "持械针对人的任何暴力行为，或者纵火、爆炸等行为，无论在家里还是公共场合。" in page


def test_a_filled_form_is_saved_with_its_class(world, log_in):
    patient = world.patient()
    answer = log_in(world.worker).post(
        new(patient),
        filled(drug1_name="利培酮片", drug1_morning="1", drug1_evening="2.0", drug_long_name="棕榈酸帕利哌酮",
               drug_long_every_weeks="4", drug_long_each="150", symptoms=["3", "12"], symptom_text="拒食"),
    )  # fmt: skip
    visit = only(patient, world)
    assert answer.status_code == 302
    assert answer["Location"] == reverse("followup:visit", args=[visit.root.uuid])
    assert (visit.stability, visit.next_due_on, visit.symptoms, visit.symptom_text) == (
        2,
        days_ago(-14),
        [3, 12],
        "拒食",
    )
    assert [Drug.of(row).words for row in visit.drugs] == [
        "利培酮片 早 1 晚 2 mg",
        "棕榈酸帕利哌酮 每 4 周一次，每次 150 mg",
    ]
    assert visit.guidance == visit.drugs


@pytest.mark.parametrize("typed", ["{:%Y-%m-%d}", "{:%Y/%m/%d}", "{:%Y%m%d}", "{:%m%d}", "{:%m-%d}", "wide"])
def test_days_are_read_as_people_type_them(world, log_in, typed):
    patient, day = world.patient(), days_ago(1)
    wide = f"{day:%Y-%m-%d}".translate({ord(str(n)): 0xFF10 + n for n in range(10)})
    log_in(world.worker).post(new(patient), filled(visited_on=wide if typed == "wide" else typed.format(day)))
    assert only(patient, world).visited_on == day


def test_sent_twice_it_is_one_record(world, log_in):
    patient, form = world.patient(), filled()
    client = log_in(world.worker)
    assert client.post(new(patient), form).status_code == 302
    assert client.post(new(patient), form).status_code == 302
    assert only(patient, world).version == 1


def test_a_refused_form_keeps_everything_typed_and_names_each_field(world, log_in):
    patient = world.patient()
    answer = log_in(world.worker).post(
        new(patient),
        filled(visited_on=days_ago(-1).isoformat(), level="3", basis="", trouble="很多", drug1_name="利培酮片",
               drug1_morning="一片", side_effect_text="手抖", seen=[]),
    )  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 400
    for sentence in (
        "随访日期不能晚于今天。请改为实际随访的日期。", "请选择随访对象。",
        "危险性 3 级及以上要写依据：何时、何地、做了什么。", "请填次数，没有填 0。", "请填数字，例如 1.5。",
    ):  # fmt: skip
        assert sentence in page
    for typed in ("很多", "一片", "手抖", days_ago(-1).isoformat()):
        assert typed in page
    assert 'href="#id_basis"' in page
    assert re.search(r'name="level" value="3"[^>]* checked', page)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"doctor_name": "冉\x00"}, "含有看不见的控制字符，请删去后重新输入。"),
        ({"basis": "长" * 1001}, "太长：最多 1000 个字，现有 1001 个。"),
        ({"insight": "7"}, "没有这个选项，请重新选择。"),
        (
            {"level": "1", "self_harm": "1"},
            "有自伤或自杀未遂，一般至少评 4 级。请核对危险性级别。确认无误请勾选“级别已核对”。",
        ),
        ({"visited_on": "昨天"}, "不是一个日期。请写成 2026-03-09，今年的也可以只写 03-09。"),
        ({"visited_on": ""}, "请填随访日期。"),
        (
            {"level": "3", "basis": "砸坏农具", "stability": "2"},
            "危险性 3 级只能评为不稳定。请改分类，或核对危险性级别。",
        ),
        ({"stability": "3"}, "规则判为基本稳定（危险性 1 级），评得更轻要写偏离原因。"),
        ({"next_due_on": Ago(-15)}, None),
        ({"form_id": "x"}, "表单号不对，请重新打开这一页。"),
        ({"visited_on": "9999-12-31"}, "随访日期不能晚于今天。请改为实际随访的日期。"),
        ({"hospital": "2", "discharged_on": "9999-12-31"}, "末次出院日期不能晚于今天。"),
        ({"drug1_name": "利培酮", "drug1_morning": "1e-999999"}, "要在 0 至 100000 之间，最多三位小数。"),
    ],
)
def test_bad_input_is_refused_in_words_never_with_500(world, log_in, changes, sentence):
    answer = log_in(world.worker).post(new(world.patient()), filled(**of_today(changes, iso=True)))
    assert answer.status_code == 400
    if sentence:
        assert sentence in answer.content.decode()


def test_a_formula_stays_text(world, log_in):
    patient = world.patient()
    log_in(world.worker).post(new(patient), filled(case_management="=1+1"))
    assert only(patient, world).case_management == "=1+1"


def test_self_harm_below_level_4_is_saved_when_confirmed(world, log_in):
    patient = world.patient()
    log_in(world.worker).post(new(patient), filled(level="1", self_harm="1", confirmed="1"))
    assert only(patient, world).self_harm == 1


def test_a_stale_suggestion_is_judged_anew_on_saving(world, log_in):
    """The script had filled in 基本稳定; the level was changed just before saving."""
    patient = world.patient()
    log_in(world.worker).post(
        new(patient),
        filled(level="3", basis="砸坏农具", stability="2", suggested_stability="2",
               next_due_on=days_ago(-90).isoformat(), suggested_next=days_ago(-90).isoformat()),
    )  # fmt: skip
    visit = only(patient, world)
    assert (visit.stability, visit.next_due_on) == (1, days_ago(-14))


def test_carried_answers_are_marked_and_the_risk_is_not_carried(world, log_in, record):
    patient = world.patient()
    record(patient, world.worker, days_ago(20), level=2, insight=2, symptoms=(3,), drugs=(Drug("利培酮片", "1"),))
    page = log_in(world.worker).get(new(patient)).content.decode()
    assert re.search(r'data-q="insight" data-last="2"', page)
    assert re.search(r'name="insight" value="2"[^>]* checked', page)
    assert not re.search(r'name="level" value="\d"[^>]* checked', page)
    assert not re.search(r'name="lab" value="\d"[^>]* checked', page)
    assert "不沿用上次（2 级）" in page
    assert 'value="利培酮片"' in page
    assert page.count('<span class="mark mark-last">上次</span>') > 10


def test_after_a_refusal_a_mere_suggestion_follows_the_new_day(world, log_in):
    old = days_ago(-14).isoformat()
    page = log_in(world.worker).post(
        new(world.patient()),
        filled(visited_on=days_ago(4).isoformat(), seen=[], next_due_on=old, suggested_next=old, stability="3",
               suggested_stability="3"),
    ).content.decode()  # fmt: skip
    assert re.search(r'name="next_due_on"[^>]*value="([^"]*)"', page).group(1) == days_ago(-10).isoformat()
    assert re.search(r'name="stability" value="2"[^>]* checked', page)


def test_changed_answers_are_marked_after_a_refusal(world, log_in, record):
    patient = world.patient()
    record(patient, world.worker, days_ago(20), insight=2)
    page = log_in(world.worker).post(new(patient), filled(insight="3", seen=[])).content.decode()
    assert '<span class="mark mark-new">已改</span><span class="mark-was">上次 不全</span>' in page


def test_the_summary_says_who_will_be_told_and_what(world, log_in):
    patient = world.patient()
    judge = reverse("followup:visit_judge", args=[patient.uuid])
    said = text_of(log_in(world.worker).post(judge, filled(level="3")))
    assert "不稳定" in said
    assert (
        "立即通报 东街道公安局（派出所）、东街道政法委（综治中心），同时报甲县公安局（派出所）、甲县政法委（综治中心）"
        in said
    )
    assert "不含诊断、症状、用药" in said
    calm = log_in(world.worker).post(judge, filled(level="1"))
    assert "不通报任何部门" in text_of(calm)
    assert 'data-verb="保存随访"' in calm.content.decode()
    with scope(world.worker):
        assert Visit.objects.count() == 0


def test_the_summary_of_an_old_day_says_that_nobody_is_told(world, log_in):
    judge = reverse("followup:visit_judge", args=[world.patient().uuid])
    client = log_in(world.worker)
    recent = client.post(judge, filled(level="3", visited_on=days_ago(7).isoformat()))
    assert "立即通报" in text_of(recent)
    assert "补记后不再通报" in text_of(client.post(judge, filled(level="3", visited_on=days_ago(8).isoformat())))


def test_the_summary_of_half_a_form_is_no_error(world, log_in):
    judge = reverse("followup:visit_judge", args=[world.patient().uuid])
    answer = log_in(world.worker).post(judge, {"visited_on": "x", "level": "9"})
    assert answer.status_code == 200
    assert "选好危险性级别" in text_of(answer)


def test_missing_questions_are_named(world, log_in):
    judge = reverse("followup:visit_judge", args=[world.patient().uuid])
    said = text_of(log_in(world.worker).post(judge, filled(lab="", referral="2")))
    assert "还差 3 项 ： 实验室检查 、 转诊原因 、 转至机构及科室" in said


def test_save_and_next_opens_the_next_of_the_list(world, log_in, record):
    late, later = world.patient(name="甲"), world.patient(name="乙")
    record(late, world.worker, days_ago(60), level=2, as_recorded=True)
    record(later, world.worker, days_ago(50), level=1, as_recorded=True)
    answer = log_in(world.worker).post(new(late), filled(then="next"))
    assert answer["Location"] == new(later)


def test_the_next_person_named_on_the_form_has_been_seen_too(world, log_in, record):
    late, later = world.patient(name="甲"), world.patient(name="乙")
    record(late, world.worker, days_ago(60), level=2, as_recorded=True)
    record(later, world.worker, days_ago(50), level=1, as_recorded=True)
    looks = []
    post_save.connect(note := lambda instance, **_: looks.append(set(instance.persons)), sender=AccessLog)
    page = log_in(world.worker).get(new(late)).content.decode()
    post_save.disconnect(note, sender=AccessLog)
    assert ("保存并下一位：乙" in page, looks) == (True, [{late.uuid, later.uuid}])


# --- correction ----------------------------------------------------------------------------------------------------


def test_a_correction_shows_what_stands_and_saves_the_next_version(world, log_in, record):
    patient = world.patient()
    visit = record(patient, world.worker, days_ago(3), level=1, insight=2).visit
    address = reverse("followup:visit_correct", args=[visit.root.uuid])
    client = log_in(world.worker)
    page = client.get(address).content.decode()
    assert re.search(r'name="level" value="1"[^>]* checked', page)
    client.post(address, filled(visited_on=days_ago(3).isoformat(), level="0", version="1", insight="1"))
    with scope(world.worker):
        assert Visit.objects.current().get(root=visit.root).version == 2


def test_a_corrected_level_is_judged_anew_unless_the_doctor_had_decided(world, log_in, record):
    visit = record(world.patient(), world.worker, days_ago(3), level=1).visit
    address = reverse("followup:visit_correct", args=[visit.root.uuid])
    client = log_in(world.worker)
    page = client.get(address).content.decode()
    held = dict(re.findall(r'name="(suggested_\w+)" value="([^"]*)"', page))
    assert held == {"suggested_stability": "2", "suggested_next": visit.next_due_on.isoformat()}
    form = filled(visited_on=days_ago(3).isoformat(), level="0", insight="1", version="1", stability="2",
                  next_due_on=visit.next_due_on.isoformat(), **held)  # fmt: skip
    client.post(address, form)
    with scope(world.worker):
        assert Visit.objects.current().get(root=visit.root).stability == 3


def test_the_second_of_two_who_save_sees_both_texts(world, log_in, record):
    patient = world.patient()
    visit = record(patient, world.worker, days_ago(3), level=1).visit
    address = reverse("followup:visit_correct", args=[visit.root.uuid])
    client = log_in(world.worker)
    form = filled(visited_on=days_ago(3).isoformat(), version="1")
    client.post(address, {**form, "level": "2"})
    answer = client.post(address, {**form, "level": "0", "case_management": "我写的"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "对方已保存" in page
    assert "我写的" in page
    assert 'name="version" value="2"' in page  # saving again, knowing both, is possible
    saved = client.post(address, {**form, "level": "0", "version": "2"})
    assert saved.status_code == 302


# --- reading -------------------------------------------------------------------------------------------------------


def test_one_record_is_read_and_printed_like_the_paper(world, log_in, record):
    visit = record(world.patient(), world.worker, days_ago(3), level=2, symptoms=(3,), obvious_symptoms=True).visit
    client = log_in(world.leader)
    read = text_of(client.get(reverse("followup:visit", args=[visit.root.uuid])))
    assert "猜疑" in read
    printed = client.get(reverse("followup:visit_print", args=[visit.root.uuid])).content.decode()
    assert '<span class="p-chosen">3 猜疑</span>' in printed
    assert '<b class="p-box">3</b>' in printed
    assert "症状明显" not in printed  # ours alone
    assert "更正" not in read  # the leader reads only


def test_the_tab_is_a_page_of_its_own_and_a_fragment(world, log_in, record):
    patient = world.patient()
    record(patient, world.worker, days_ago(40), level=1, as_recorded=True)
    client = log_in(world.worker)
    address = reverse("followup:patient_tab", args=[patient.uuid])
    page, fragment = client.get(address), client.get(address, headers={"HX-Request": "true"})
    assert "<html" in page.content.decode()
    assert "<html" not in fragment.content.decode()
    for answer in (page, fragment):
        said = text_of(answer)
        assert "1 级，基本稳定" in said
        assert "随访到期，未完成" in said


@pytest.mark.parametrize("who", ["stranger", "worker_b"])
def test_a_stranger_meets_the_same_404_as_for_a_random_id(world, log_in, record, who):
    visit = record(world.patient(), world.worker, days_ago(3)).visit
    client = log_in(getattr(world, who))
    pages = [
        ("followup:visit_new", visit.patient.uuid), ("followup:patient_tab", visit.patient.uuid),
        ("followup:visit", visit.root.uuid), ("followup:visit_correct", visit.root.uuid),
        ("followup:visit_print", visit.root.uuid),
    ]  # fmt: skip
    for name, uuid in pages:
        theirs, nobody = client.get(reverse(name, args=[uuid])), client.get(reverse(name, args=[uuid4()]))
        assert (theirs.status_code, nobody.status_code) == (404, 404)
    assert client.post(reverse("followup:missed", args=[visit.patient.uuid]), {"reason": "1"}).status_code == 404
    assert client.post(reverse("followup:visit_judge", args=[visit.patient.uuid]), filled()).status_code == 404


# --- 未访到 ---------------------------------------------------------------------------------------------------------


def test_a_try_from_the_list_is_written_once(world, log_in):
    patient, form_id = world.patient(), str(uuid4())
    client = log_in(world.worker)
    address = reverse("followup:missed", args=[patient.uuid])
    for _time in range(2):
        assert client.post(address, {"reason": "1", "form_id": form_id}).status_code == 302
    with scope(world.worker):
        assert Attempt.objects.filter(patient=patient).count() == 1
    assert "未访到 1 次" in text_of(client.get(reverse("followup:worklist")))


def test_a_correction_shows_and_keeps_every_medicine(world, log_in, record):
    """Four by the day and two long-acting, as a file may bring them; the paper has lines for fewer."""
    drugs = (*(Drug(f"药{n}", str(n)) for n in range(1, 5)),)
    visit = record(world.patient(), world.worker, days_ago(3), drugs=drugs, guidance=drugs).visit
    address = reverse("followup:visit_correct", args=[visit.root.uuid])
    client = log_in(world.worker)
    page = client.get(address).content.decode()
    typed = dict(re.findall(r'name="(drug\w+)"[^>]*value="([^"]+)"', page))
    assert typed["drug4_name"] == "药4"
    client.post(address, filled(visited_on=days_ago(3).isoformat(), version="1", level="2", **typed))
    with scope(world.worker):
        assert Visit.objects.current().get(root=visit.root).drugs == [drug.as_row() for drug in drugs]
