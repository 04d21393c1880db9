"""The pages as a township worker and the county office meet them."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.scope import scope
from registry.services.around import name_companion
from subsidy.models import Agreement, CountyScheme, DutyRecord
from subsidy.queries.presets import FOLDER
from tests.subsidy.conftest import day

pytestmark = pytest.mark.django_db


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def tab(patient: Any) -> str:
    return reverse("subsidy:patient_tab", args=[patient.uuid])


def filled(**more: str) -> dict[str, str]:
    return {
        "named_by": "family", "lives_together": "1", "is_able": "", "starts_on": day(60).isoformat(),
        "ends_on": day(-200).isoformat(), "signed_on": day(60).isoformat(), "duties_read": "on", **more,
    }  # fmt: skip


def test_an_agreement_is_signed_read_and_ended(world, log_in):
    patient = world.patient()
    client = log_in(world.worker)
    page = reverse("subsidy:agreement_new", args=[patient.uuid])
    assert "试验监护人" in text_of(client.get(page))
    answer = client.post(page, filled(scan=SimpleUploadedFile("x.pdf", b"%PDF-1.4")), follow=True)
    said = text_of(answer)
    assert "监护协议已登记。" in said
    assert "试验监护人（父母）" in said
    assert "还没有核实" in said
    assert "扫描件" in said
    assert "由新协议接替" in text_of(client.get(page))
    with scope(world.worker):
        row = Agreement.objects.get()
    end = reverse("subsidy:agreement_end", args=[row.uuid])
    answer = client.post(end, {"reason": "withdrawn", "on": day(1).isoformat(), "words": "不再领取"}, follow=True)
    said = text_of(answer)
    assert "没有生效的监护协议" in said
    assert f"{day(1)} 起终止，自愿放弃" in said


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"duties_read": ""}, "读过监护职责并签字以后"),
        ({"named_by": "village"}, "请写明是哪个村"),
        ({"starts_on": ""}, "请填写日期"),
        ({"ends_on": "2020-01-01"}, "期满日期要晚于开始日期"),
        ({"named_by": ""}, "请选监护人由谁确定"),
    ],
)
def test_a_refused_form_keeps_what_was_typed_and_says_why(world, log_in, more, sentence):
    patient = world.patient()
    page = reverse("subsidy:agreement_new", args=[patient.uuid])
    answer = log_in(world.worker).post(page, filled(signed_on=day(61).isoformat(), **more))
    assert answer.status_code == 400
    assert sentence in text_of(answer)
    assert day(61).isoformat() in answer.content.decode()
    with scope(world.worker):
        assert not Agreement.objects.exists()


def test_duty_is_assessed_from_the_tab(world, log_in, sign):
    patient = world.patient()
    row = sign(patient)
    client = log_in(world.worker)
    page = reverse("subsidy:duty_new", args=[row.uuid])
    (days, *_rest) = re.findall(r'<option value="(\d{4}-\d\d-\d\d_\d{4}-\d\d-\d\d)"', client.get(page).content.decode())
    told = {"days": days, "result": "failed", "failures": ["medicine"], "note": "", "signers": "村干部甲、民警乙",
            "said_on": day(0).isoformat()}  # fmt: skip
    assert client.post(page, told | {"failures": []}).status_code == 400
    assert client.post(page, told | {"days": "2020-01-01_2020-03-31"}).status_code == 400
    said = text_of(client.post(page, told, follow=True))
    assert "不合格" in said
    assert "没有督促服药" in said
    assert "村干部甲、民警乙签字" in said
    with scope(world.worker):
        assert DutyRecord.objects.count() == 1


def test_the_sheet_says_for_each_scheme_why_or_why_not(world, log_in, adopt, sign):
    patient = world.patient()
    client = log_in(world.worker)
    assert "还没有启用补助办法" in text_of(client.get(tab(patient)))
    adopt("zoucheng-2019")
    said = text_of(client.get(tab(patient)))
    assert "不符合有奖监护的条件" in said
    assert "签订监护协议（责任书）：不符合" in said
    assert "请签订监护协议" in said
    assert "危险性评估要求 3 级及以上，还没有评估" in said
    with scope(world.worker):
        for name in ("助一", "助二"):
            name_companion(patient=patient, role="assistant", on=day(200), name=name, by=world.worker)
    sign(patient)
    said = text_of(client.get(tab(patient)))
    assert "是否符合有奖监护的条件还不能确定" in said


def test_who_sees_the_tab_and_who_may_act_on_it(world, log_in, sign):
    patient = world.patient()
    row = sign(patient)
    assert "登记协议" not in text_of(log_in(world.leader).get(tab(patient)))
    assert log_in(world.leader).get(reverse("subsidy:agreement_end", args=[row.uuid])).status_code == 403
    for user, status in ((world.village_doctor, 403), (world.psychiatrist, 403), (world.worker_b, 404)):
        assert log_in(user).get(tab(patient)).status_code == status
    assert log_in(world.worker_b).get(reverse("subsidy:agreement_end", args=[row.uuid])).status_code == 404
    page = log_in(world.psychiatrist).get(reverse("registry:patient", args=[patient.uuid])).content.decode()
    assert "/subsidy/" not in page


def test_the_county_adopts_a_shipped_scheme_or_its_own_file_and_stops_it(world, log_in):
    client = log_in(world.county_office)
    page = reverse("subsidy:schemes")
    told = {"preset": "zoucheng-2019", "starts_on": day(3).isoformat(), "basis": "县办〔2026〕1号"}
    assert client.post(page, told | {"preset": ""}).status_code == 400
    said = text_of(client.post(page, told, follow=True))
    assert "山东省邹城市 有奖监护" in said
    assert "有奖监护 每年 2,400.00 元" in said
    own = (FOLDER / "zoucheng-2019.toml").read_text(encoding="utf-8").replace('"zoucheng-2019"', '"own"')
    faulty = SimpleUploadedFile("own.toml", own.replace('per = "year"', 'per = "week"').encode())
    answer = client.post(page, told | {"file": faulty})
    assert answer.status_code == 400
    assert "per" in text_of(answer)
    for content in (b"\xff\xfe\x00", b"", b"a\x00b"):
        assert (
            client.post(page, told | {"preset": "", "file": SimpleUploadedFile("x.toml", content)}).status_code == 400
        )
    client.post(page, told | {"preset": "", "file": SimpleUploadedFile("own.toml", own.encode())})
    row = CountyScheme.objects.get(scheme="own")
    said = text_of(client.post(reverse("subsidy:scheme_stop", args=[row.uuid]), {"because": "并入新办法"}, follow=True))
    assert f"{day(0)} 停用" in said
    assert log_in(world.worker).get(page).status_code == 403
