"""What must be said when a status begins, its effect in words, its correction, and the paper."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.refusals import Denied, Refused
from accounts.rules.machine import faults
from accounts.scope import scope
from exchange.rules.cases import CASE
from exchange.rules.cases import TRANSITIONS as CASE_TABLE
from registry import signals
from registry.models import Patient, PatientStatus, Scan
from registry.rules.lifecycle import STATUS, TRANSITIONS
from registry.rules.status_details import EFFECTS, REASONS, DetailRefused, StatusDetails, check_details
from registry.services.away import register_away
from registry.services.status import close_patient, correct_status, reopen_patient, set_status
from registry.terms import CareStatus
from tests.conftest import TOWN_B

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("value", "details", "field"),
    [
        pytest.param("lost", StatusDetails("lost_missed"), None, id="three-times-missed"),
        pytest.param("lost", StatusDetails(), "reason_code", id="lost-without-a-code"),
        pytest.param("lost", StatusDetails("held_pri"), "reason_code", id="lost-with-a-prisons-code"),
        pytest.param("lost", StatusDetails("lost_other"), "reason", id="other-without-words"),
        pytest.param("refused", StatusDetails("ref_kin"), None, id="the-family-refuses"),
        pytest.param("away", StatusDetails(), None, id="away-needs-none"),
        pytest.param("away", StatusDetails("lost_work"), "reason_code", id="away-with-a-code-of-the-lost"),
        pytest.param("detained", StatusDetails("held_pri"), "place", id="prison-without-a-place"),
        pytest.param("detained", StatusDetails("held_pri", "某监狱"), None, id="prison"),
        pytest.param("detained", StatusDetails("held_ord", "某医院"), "unit", id="treatment-without-its-unit"),
        pytest.param("detained", StatusDetails("held_ord", "某医院", "某医院"), None, id="compulsory-treatment"),
        pytest.param("detained", StatusDetails("held_pri", "某监狱", "", DAY), None, id="ends-the-day-it-began"),
        pytest.param(
            "detained", StatusDetails("held_pri", "某监狱", "", DAY - timedelta(days=1)), "until", id="ends-before"
        ),
    ],
)
def test_a_status_says_what_it_needs(value, details, field):
    if field is None:
        check_details(value, details, on=DAY, has_text=False)
        return
    with pytest.raises(DetailRefused) as refused:
        check_details(value, details, on=DAY, has_text=False)
    assert refused.value.field == field


def test_every_status_has_its_effect_in_words_and_every_code_belongs_to_one_status():
    assert set(EFFECTS) == set(CareStatus)
    codes = [code for found in REASONS.values() for code in found]
    assert len(codes) == len(set(codes))


def test_the_drawn_machines_are_the_tables():
    assert {(step.before, step.after) for step in STATUS.steps} == set(TRANSITIONS)
    assert {(step.before, step.after) for step in CASE.steps} == {
        (before, row.after) for (before, _), row in CASE_TABLE.items() if before is not None
    }
    assert faults(STATUS) == faults(CASE) == set()


def custody(world, ran, **more):
    facts = {"details": StatusDetails("held_ord", "县安康医院", "县安康医院", DAY + timedelta(days=90)), **more}
    with scope(world.worker):
        return set_status(patient=ran, value="detained", on=DAY, by=world.worker, reason="法院决定", **facts)


def test_custody_keeps_place_unit_and_expected_end(world, ran):
    row = custody(world, ran, evidence="强制医疗决定书")
    with scope(world.worker):
        row.refresh_from_db()
    assert (row.reason_code, row.place, row.unit, row.expected_until, row.evidence) == (
        "held_ord", "县安康医院", "县安康医院", date(2026, 5, 31), "强制医疗决定书",
    )  # fmt: skip


def test_another_word_for_the_same_day_leaves_nothing_of_the_first(world, ran):
    custody(world, ran)
    with scope(world.worker):
        row = set_status(patient=ran, value="managed", on=DAY, by=world.worker)
        row.refresh_from_db()
    assert (row.value, row.place, row.unit, row.expected_until, row.reason_code) == ("managed", "", "", None, "")


def test_a_mistake_is_corrected_by_a_word_and_no_row_is_deleted(world, ran):
    heard = []

    def hear(sender, in_custody, **kwargs):
        heard.append(in_custody)

    signals.custody_changed.connect(hear)
    try:
        custody(world, ran)
        with scope(world.worker):
            correct_status(patient=ran, by=world.worker, reason="同名")
            rows = [(row.value, row.reason) for row in PatientStatus.objects.filter(patient=ran).order_by("starts_on")]
            assert Patient.objects.get(pk=ran.pk).status == "managed"
    finally:
        signals.custody_changed.disconnect(hear)
    assert rows == [("managed", ""), ("managed", "更正：同名")]
    assert heard == [True, False]


def test_a_correction_needs_its_reason_and_something_to_correct(world, ran):
    with scope(world.worker):
        with pytest.raises(Refused, match="没有可以撤销"):
            correct_status(patient=ran, by=world.worker, reason="x")
        set_status(patient=ran, value="lost", on=DAY, by=world.worker)
        with pytest.raises(Refused, match="误登记"):
            correct_status(patient=ran, by=world.worker, reason="")
    with scope(world.village_doctor), pytest.raises(Denied):
        correct_status(patient=ran, by=world.village_doctor, reason="x")


def test_a_closing_is_not_corrected_here(world, ran):
    with scope(world.worker):
        close_patient(patient=ran, value="dead", on=DAY, by=world.worker, reason="家属告知", death_cause="1")
        with pytest.raises(Refused, match="恢复"):
            correct_status(patient=ran, by=world.worker, reason="x")
        reopen_patient(patient=ran, on=DAY, by=world.worker, reason="同名")
        assert Patient.objects.get(pk=ran.pk).closed_on is None


PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def test_the_page_keeps_the_picture_of_the_paper(world, log_in, ran):
    client = log_in(world.worker)
    form = {
        "value": "detained", "on": "2026-03-02", "reason_code": "held_pri", "place": "某监狱", "evidence": "判决书",
        "scan": SimpleUploadedFile("x.pdf", PDF, "application/pdf"),
    }  # fmt: skip
    assert client.post(reverse("registry:patient_status", args=[ran.uuid]), form).status_code == 302
    with scope(world.worker):
        row = PatientStatus.objects.get(patient=ran, starts_on=DAY)
        assert (row.place, row.scan_id) == ("某监狱", Scan.objects.get(patient=ran).pk)


def test_the_page_says_what_is_missing_beside_the_field_and_keeps_the_rest(world, log_in, ran):
    page = reverse("registry:patient_status", args=[ran.uuid])
    answer = log_in(world.worker).post(page, {"value": "lost", "on": "2026-03-02", "reason": "邻居说走了"})
    assert answer.status_code == 400
    assert "请选择“失访”的原因类别" in answer.context["form"].errors["reason_code"][0]
    assert "邻居说走了" in answer.content.decode()
    with scope(world.worker):
        assert Patient.objects.get(pk=ran.pk).status == "managed"


def test_a_refused_paper_leaves_no_status_behind(world, log_in, ran):
    page = reverse("registry:patient_status", args=[ran.uuid])
    form = {"value": "away", "on": "2026-03-02", "scan": SimpleUploadedFile("x.pdf", BytesIO(b"MZ").read())}
    answer = log_in(world.worker).post(page, form)
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["scan"]
    with scope(world.worker):
        assert Patient.objects.get(pk=ran.pk).status == "managed"


def test_the_paper_is_filled_with_what_is_on_file_and_masks_the_number(world, log_in, ran):
    with scope(world.worker):
        set_status(
            patient=ran, value="lost", on=DAY, by=world.worker, reason="邻居说走了", details=StatusDetails("lost_ran")
        )
    page = log_in(world.worker).get(reverse("registry:loss_print", args=[ran.uuid])).content.decode()
    for words in ("失访（死亡）患者登记表", "冉启华", "2026-03-02", "走失；邻居说走了", "精神分裂症"):
        assert words in page
    assert ran.id_number not in page


@pytest.mark.django_db
def test_the_page_says_since_when_why_and_where(world, log_in):
    patient, client = world.patient(), log_in(world.worker)
    address = patient.get_absolute_url()
    assert "管理状态：" not in client.get(address).content.decode()
    with scope(world.worker):
        details = StatusDetails("held_pri", "某监狱", "某医院", DAY + timedelta(days=400))
        set_status(
            patient=patient,
            value="detained",
            on=DAY,
            by=world.worker,
            reason="判决",
            evidence="告知书",
            details=details,
        )
    page = client.get(address).content.decode()
    assert "管理状态：羁押或强制医疗" in page
    for label, value in (("从哪天起", f"{DAY}"), ("原因类别", "服刑"), ("原因", "判决"), ("场所", "某监狱"),
                         ("治疗单位", "某医院"), ("预计结束", f"{DAY + timedelta(days=400)}"), ("依据", "告知书")):  # fmt: skip
        assert f"<dt>{label}</dt><dd>{value}</dd>" in page


@pytest.mark.django_db
def test_the_page_of_somebody_away_says_where_to_and_leads_to_the_temporary_file_and_back(world, log_in):
    patient, client = world.patient(), log_in(world.worker)
    with scope(world.worker):
        file = register_away(patient=patient, on=DAY, by=world.worker, to_township=world.places[TOWN_B])
    page = client.get(patient.get_absolute_url()).content.decode()
    assert f"<dt>去向</dt><dd>{world.places[TOWN_B].name}（已告知流入地）</dd>" in page
    assert reverse("registry:temporary_file", args=[file.uuid]) in page
    assert reverse("registry:patient_status", args=[patient.uuid]) + '">已经返回' in page
