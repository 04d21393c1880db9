"""The pages around a stay and a referral, as the township worker and the hospital's account use them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.queries.work import work_lines
from accounts.scope import scope
from registry.models import Admission, Patient, Referral
from registry.rules.masking import mask_phones
from registry.rules.referral import category_of
from registry.services.around import record_social
from registry.services.passages import set_destination
from registry.terms import ReferralState
from tests.registry.walking import page, text

pytestmark = pytest.mark.django_db


def ago(days):
    return timezone.localdate() - timedelta(days=days)


def why(user):
    with scope(user):
        return [item.why for items in work_lines(user, timezone.localdate()).values() for item in items]


def slip(world, **more):
    return {
        "category": "general", "to": str(world.hospital.agency.uuid), "on": ago(1).isoformat(), "reason": "unstable",
        "impression": "精神分裂症", "present": "兴奋话多", **more,
    }  # fmt: skip


def only():
    return Referral.objects.get()


def test_a_new_referral_is_work_however_many_older_ones_ask_for_nothing(world, ran, log_in, monkeypatch):
    monkeypatch.setattr("registry.queries.referral_work.AT_MOST", 1)
    client = log_in(world.worker)
    assert client.post(page("referral_new", ran), slip(world, on=ago(30).isoformat())).status_code == 302
    with scope(world.worker):
        Patient.objects.update(last_visit_on=ago(2))
        Referral.objects.update(state=ReferralState.DECLINED)
    assert not any("转诊" in words for words in why(world.worker))
    assert client.post(page("referral_new", ran), slip(world)).status_code == 302
    assert any("两周内了解治疗情况" in words for words in why(world.worker))


def test_a_referral_walks_from_the_township_to_the_hospital_and_back(world, ran, log_in):
    client = log_in(world.worker)
    assert client.post(page("referral_new", ran), slip(world)).status_code == 302
    assert any("两周内了解治疗情况" in words for words in why(world.worker))
    assert any("请签收" in words for words in why(world.hospital))
    with scope(world.worker):
        row = only()
    at = lambda name: reverse(f"registry:{name}", args=[row.uuid])  # noqa: E731
    hospital = log_in(world.hospital)
    seen = text(hospital.get(at("referral")))
    assert "冉启华" in seen
    assert "兴奋话多" in seen
    assert page("patient_stays", ran) not in seen  # the slip, not the file
    assert hospital.get(page("patient_stays", ran)).status_code == 404
    assert hospital.post(at("referral_receive")).status_code == 302
    assert (
        hospital.post(at("referral_accept"), {"admitted_on": ago(1).isoformat(), "kind": "voluntary"}).status_code
        == 302
    )
    returned = {"diagnosis": "精神分裂症", "advice": "继续服药"}
    assert hospital.post(at("referral_return"), returned).status_code == 302
    assert any("收住院，请登记" in words for words in why(world.worker))
    client = log_in(world.worker)
    admit = f"{page('stay_admit', ran)}?referral={row.uuid}"
    assert f'value="{ago(1).isoformat()}"' in text(client.get(admit))
    done = {"admitted_on": ago(1).isoformat(), "hospital": str(world.hospital.agency.uuid), "kind": "voluntary"}
    assert client.post(admit, done).status_code == 302
    assert client.post(at("referral_complete")).status_code == 302
    with scope(world.worker):
        stay = Admission.objects.get()
        assert (stay.source, stay.source_uuid, Patient.objects.get().status) == ("referral", row.uuid, "admitted")
        assert only().state == "completed"
    shown = text(client.get(page("patient_stays", ran)))
    assert "正在住院" in shown
    printed = text(client.get(at("referral_print")))
    assert "双向转诊单（转出·存根）" in printed
    assert "继续服药" in printed


def test_the_countys_table_chooses_the_hospital_when_the_worker_does_not(world, ran, log_in):
    with scope(world.county_office):
        set_destination(
            county=world.county, category="veteran", starts_on=ago(9), by=world.county_office, name="县精神卫生中心"
        )
    client = log_in(world.worker)
    assert client.post(page("referral_new", ran), slip(world, to="", category="veteran")).status_code == 302
    with scope(world.worker):
        assert only().destination == "县精神卫生中心"


def test_the_file_suggests_the_category_and_the_worker_may_choose_another(world, ran, log_in):
    with scope(world.worker):
        for kind in ("veteran", "dibao", "tekun"):
            record_social(
                patient=ran, kind=kind, holds=kind != "tekun", on=ago(9), source="civil_affairs", by=world.worker
            )
    said = text(log_in(world.worker).get(page("referral_new", ran)))
    assert '<option value="veteran" selected>' in said
    assert [category_of(kinds) for kinds in (["veteran", "tekun"], ["dibao"], [])] == [
        "destitute",
        "general",
        "general",
    ]


def test_nowhere_to_go_is_said_beside_the_field_and_nothing_typed_is_lost(world, ran, log_in):
    answer = log_in(world.worker).post(page("referral_new", ran), slip(world, to=""))
    assert answer.status_code == 400
    assert "请选择转入医院，或写明医院名称。" in text(answer)
    assert "兴奋话多" in text(answer)


def test_two_who_sign_at_the_same_time_are_told(world, ran, log_in):
    log_in(world.worker).post(page("referral_new", ran), slip(world))
    with scope(world.worker):
        row = only()
    hospital, receive = log_in(world.hospital), reverse("registry:referral_receive", args=[row.uuid])
    hospital.post(receive)
    assert "现在已经是“已收到”" in text(hospital.post(receive, follow=True))


def test_an_emergency_admission_prompts_the_last_day(world, ran, log_in):
    client = log_in(world.worker)
    facts = {"hospital_name": "市三院", "sent_by": "police", "arrived_on": ago(1).isoformat(), "ground": "item_2",
             "concluded_on": ago(0).isoformat()}  # fmt: skip
    assert client.post(page("passage_new", ran), facts).status_code == 302
    with scope(world.worker):
        row = ran.green_channels.get()
    assert "还剩 3 天" in text(client.get(reverse("registry:passage", args=[row.uuid])))
    assert any("可以要求再次诊断" in words for words in why(world.worker))
    late = client.post(reverse("registry:passage", args=[row.uuid]), facts | {"second_on": ago(0).isoformat()})
    assert (late.status_code, "请先填写要求再次诊断的日期" in text(late)) == (400, True)


def test_help_says_who_signs_and_ends_with_a_signature(world, ran, log_in):
    client = log_in(world.worker)
    facts = {"direction": "out", "guardian": "unwilling", "asked_on": ago(0).isoformat()}
    assert "督促监护人接收" in text(client.post(page("help_new", ran), facts, follow=True))
    with scope(world.worker):
        row = ran.admission_helps.get()
    step = reverse("registry:help", args=[row.uuid])
    bad = client.post(step, {"after": "done", "on": ago(0).isoformat()})
    assert (bad.status_code, "请写明手续由谁签字办理" in text(bad)) == (400, True)
    assert client.post(step, {"after": "done", "on": ago(0).isoformat(), "signed_by": "其父"}).status_code == 302
    assert not any("督促监护人" in words for words in why(world.worker))


def test_a_stay_begins_and_ends_on_its_pages(world, ran, log_in):
    client = log_in(world.worker)
    bad = client.post(page("stay_admit", ran), {"admitted_on": ago(3).isoformat()})
    assert (bad.status_code, "请选择医院，或写明医院名称" in text(bad)) == (400, True)
    client.post(page("stay_admit", ran), {"admitted_on": ago(3).isoformat(), "hospital_name": "市三院"})
    done = client.post(page("stay_discharge", ran), {"discharged_on": ago(1).isoformat()}, follow=True)
    assert "出院后两周内随访" in text(done)
    past = {"admitted_on": ago(60).isoformat(), "discharged_on": ago(50).isoformat(), "hospital_name": "市三院"}
    assert client.post(page("stay_past", ran), past).status_code == 302
    with scope(world.worker):
        assert Admission.objects.count() == 2


def test_the_county_office_keeps_the_table_of_hospitals(world, log_in):
    client = log_in(world.county_office)
    facts = {"category": "compulsory", "starts_on": ago(0).isoformat(), "hospital_name": "市精神病防治院"}
    assert "市精神病防治院" in text(client.post(reverse("registry:destinations"), facts, follow=True))
    again = client.post(reverse("registry:destinations"), facts)
    assert (again.status_code, "已有规定" in text(again)) == (400, True)
    assert "没有转诊单" in text(client.get(reverse("registry:referrals")))
    assert "双向转诊单" in text(client.get(reverse("registry:referral_blank")))


def test_the_numbers_on_a_slip_are_for_the_unit_that_receives_it(world, log_in):
    patient = world.patient(phone="19900001234")
    assert log_in(world.worker).post(page("referral_new", patient), slip(world)).status_code == 302
    with scope(world.worker):
        row = only()
    whole, masked = "19900001234", "199****1234"
    seen = {}
    for who in ("worker", "leader", "county_office", "hospital"):
        for name in ("referral", "referral_print"):
            said = text(log_in(getattr(world, who)).get(reverse(f"registry:{name}", args=[row.uuid])))
            assert (whole in said) != (masked in said)
            seen[who, name] = whole in said
    assert {key for key, shown in seen.items() if shown} == {
        ("worker", "referral_print"), ("county_office", "referral_print"),
        ("hospital", "referral"), ("hospital", "referral_print"),
    }  # fmt: skip
    with scope(world.worker):
        Referral.objects.update(state=ReferralState.COMPLETED)
    assert whole not in text(log_in(world.hospital).get(reverse("registry:referral", args=[row.uuid])))


@pytest.mark.parametrize(
    ("said", "masked"),
    [
        ("冉启芳 19900000012", "冉启芳 199****0012"),
        ("电话 0632-5550012", "电话 063****0012"),
        ("三组 12 号", "三组 12 号"),
    ],
)
def test_a_number_in_words_is_masked_and_the_words_stay(said, masked):
    assert mask_phones(said) == masked
