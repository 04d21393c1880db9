"""Opening, editing, moving and closing a file on its pages."""

import re
from datetime import date

import pytest
from django.urls import reverse

from accounts.scope import scope
from registry.models import Patient
from tests import factories
from tests.conftest import VILLAGE_A1, VILLAGE_B1, VILLAGE_C1
from tests.registry.walking import page, text

pytestmark = pytest.mark.django_db


def filled(**more):
    values = {
        "name": "石秀英", "id_number": factories.id_number(male=False), "residence_code": VILLAGE_A1,
        "diagnosis": "01", "diagnosed_on": "2024-3-1", "opened_on": "２０２４０５０６",
        "guardian_name": "田景明", "guardian_relation": "3",
        "consent": "1", "phone": "199 0000 1952", "past_danger": "2", "poor": "2",
    }  # fmt: skip
    return {**values, **more}


def test_registering_from_the_form(world, log_in):
    client = log_in(world.worker)
    assert client.get(reverse("registry:patient_new")).status_code == 200
    response = client.post(reverse("registry:patient_new"), filled())
    with scope(world.worker):
        patient = Patient.objects.get()
    assert response.url == page("patient", patient)
    assert (patient.sex, patient.opened_on, patient.past_danger, patient.number) == ("2", date(2024, 5, 6), 2, 1)
    assert "已为 石秀英 建档" in text(client.get(response.url))


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"name": ""}, "name", "必填"),
        ({"name": "冉\x00"}, "name", ""),
        ({"id_number": ""}, "id_number", "无证件|没有证件"),
        ({"id_number": "", "no_id_reason": "未办理"}, "birth_on", "性别和出生日期"),
        ({"id_number": "123"}, "id_number", "18 位"),
        ({"opened_on": "2999-01-01"}, "opened_on", "不能晚于今天"),
        ({"opened_on": "昨天"}, "opened_on", "不是一个日期"),
        ({"residence_code": VILLAGE_B1}, "residence_code", "列表"),
        ({"onset_on": "2024-03-02"}, "diagnosed_on", "初次发病"),
        ({"phone": "1"}, "phone", "7 至 16 位"),
        ({"phone": "1990000123"}, "phone", "手机号应为 11 位，现在是 10 位"),
        ({"guardian_name": "", "guardian_relation": "1"}, "guardian_name", "姓名也要填"),
    ],
)
def test_what_the_form_refuses_stands_beside_the_field(world, log_in, change, field, says):
    response = log_in(world.worker).post(reverse("registry:patient_new"), filled(**change))
    assert response.status_code == 400
    form = response.context["form"]
    assert list(form.errors) == [field]
    with scope(world.worker):
        assert Patient.objects.count() == 0


def test_a_known_number_gets_the_neutral_sentence(world, log_in, ran):
    response = log_in(world.worker_b).post(
        reverse("registry:patient_new"), filled(id_number=ran.id_number, residence_code=VILLAGE_B1)
    )
    assert response.context["form"].errors == {"id_number": ["该身份证号已在册，或需县级核对。"]}
    assert ran.name not in text(response)


def edited(client, patient, **more):
    form = client.get(page("patient_edit", patient)).context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    return client.post(page("patient_edit", patient), {**values, **more})


def test_editing_keeps_the_sealed_numbers(world, log_in, ran):
    client = log_in(world.worker)
    response = edited(client, ran, residence_address="凉风村3组", education="70")
    assert response.url == page("patient", ran)
    with scope(world.worker):
        patient = Patient.objects.get()
    assert (patient.residence_address, patient.education, patient.version) == ("凉风村3组", "70", 2)
    assert (patient.phone, patient.id_number) == ("19900000001", ran.id_number)
    edited(client, ran, education="")
    with scope(world.worker):
        assert Patient.objects.get().education == ""


def test_two_people_editing_the_second_gets_both_texts(world, log_in, ran):
    client = log_in(world.worker)
    edited(client, ran, residence_address="凉风村3组")
    late = edited(client, ran, residence_address="凉风村4组", version="1")
    assert late.status_code == 409
    body = text(late)
    assert "凉风村3组" in body
    assert "凉风村4组" in body
    form = late.context["form"]
    again = {name: form[name].value() or "" for name in form.fields}
    assert again["version"] == 2
    assert client.post(page("patient_edit", ran), again).status_code == 302


def test_the_countys_correction_takes_the_file_away(world, log_in, ran):
    client = log_in(world.county_office)
    form = client.get(page("patient_move", ran)).context["form"]
    codes = [code for code, _ in form.fields["to"].choices]
    assert codes == ["", world.town_b.code, world.town_c.code]
    response = client.post(
        page("patient_move", ran), {"to": world.town_b.code, "on": "2026-02-01", "reason": "迁居"}, follow=True
    )
    assert "管辖已更正" in text(response)
    assert log_in(world.worker).get(page("patient", ran)).status_code == 404
    assert log_in(world.worker_b).get(page("patient", ran)).status_code == 200


def test_closing_and_taking_it_back(world, log_in, ran):
    client = log_in(world.worker)
    refused = client.post(page("patient_close", ran), {"value": "dead", "on": "2026-01-05", "reason": "家属告知"})
    assert refused.context["form"].errors == {"death_cause": ["请选择死亡原因。"]}
    client.post(
        page("patient_close", ran), {"value": "dead", "on": "2026-01-05", "reason": "家属告知", "death_cause": "1"}
    )
    assert "2026-01-05 结案" in text(client.get(page("patient", ran)))
    client.post(page("patient_reopen", ran), {"on": "2026-01-05", "reason": "同名录错"})
    with scope(world.worker):
        patient = Patient.objects.get()
    assert (patient.status, patient.closed_on) == ("managed", None)


def test_no_address_and_no_page_carries_an_integer_key(world, log_in, ran):
    client = log_in(world.worker)
    for url in (reverse("registry:patients"), page("patient", ran), page("patient_history", ran)):
        links = re.findall(r'(?:href|action|hx-get|hx-post)="([^"]*)"', text(client.get(url)))
        assert [link for link in links if re.search(r"/\d+/", link)] == []


def test_the_far_county_cannot_be_reached_by_post(world, log_in, ran):
    far = world.patient(VILLAGE_C1)
    client = log_in(world.worker)
    for name in ("patient_edit", "transfer_new", "patient_status", "patient_close", "patient_reopen", "reveal"):
        assert client.post(page(name, far), {"on": "2026-01-05"}).status_code == 404
