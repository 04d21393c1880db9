"""Lists taken away: two people, the official layout, and our own file goes in again without a change."""

import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.refusals import Denied, NotHere, Refused
from accounts.scope import scope
from registry.models import ExportRequest, ImportFile, Patient
from registry.queries.trail import looks_at
from registry.rules.exporting import ROSTER
from registry.services.exports import ask_export, decide_export, fetch_export
from registry.services.importing import read_table
from registry.services.patient_import import import_patients
from registry.services.status import close_patient
from registry.services.uploads import confirm_import, look_through
from tests.conftest import VILLAGE_B1
from tests.registry.sheets import WHOLE, row, run, write_csv, write_xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(world, tmp_path, capsys):
    """Three files of the eastern township, one without papers, one closed."""
    assert world.worker
    nameless = {**row(姓名="无证人"), "身份证号": "", "无证件原因": "流浪", "民族": "苗族"}
    gone = row(姓名="迁出人", 迁出日期="2025-01-02")
    run(capsys, write_csv(tmp_path / "a.csv", [row(**WHOLE), nameless, gone]))


def allowed(world, kind="roster"):
    with scope(world.worker):
        asked = ask_export(kind=kind, place=world.town_a, purpose="季度核对", by=world.worker)
    with scope(world.leader):
        decide_export(request=asked, allow=True, answer="", by=world.leader)
    return asked


def fetched(world, asked):
    with scope(world.worker, route="export"):
        return fetch_export(request=asked, by=world.worker)


def sheet_of(content):
    return load_workbook(io.BytesIO(content)).active


def test_the_roster_has_its_twenty_columns_text_numbers_and_empty_remarks(world, three):
    sheet = sheet_of(fetched(world, allowed(world)))
    lines = [[cell.value for cell in line] for line in sheet]
    assert tuple(lines[0]) == ROSTER
    assert len(ROSTER) == 20
    assert [line[0] for line in lines[1:]] == ["1", "2"]  # the closed file is not counted, nor its number reused
    assert [line[2] for line in lines[1:]] == ["冉启华", "无证人"]
    assert {line[-1] for line in lines[1:]} == {None}
    number = sheet.cell(2, ROSTER.index("身份证号") + 1)
    assert (number.data_type, number.number_format, len(number.value)) == ("s", "@", 18)
    assert number.border.left.style == "thin"
    assert world.worker.display_name in sheet.oddFooter.center.text


def test_the_roster_number_is_counted_anew_the_internal_number_stays(world, three):
    with scope(world.worker):
        first = Patient.objects.get(name="冉启华")
        close_patient(patient=first, value="moved_out", on=timezone.localdate(), by=world.worker, reason="迁出")
    lines = [[cell.value for cell in line] for line in sheet_of(fetched(world, allowed(world)))]
    assert [line[:3] for line in lines[1:]] == [["1", "00002", "无证人"]]


@pytest.mark.parametrize("kind", ["roster", "whole"])
def test_our_own_file_goes_in_again_and_changes_nothing(world, three, tmp_path, kind):
    path = tmp_path / "own.xlsx"
    path.write_bytes(fetched(world, allowed(world, kind)))
    result = import_patients(table=read_table(path), by=world.worker)
    people = 2 if kind == "roster" else 3
    assert result.counts.line() == f"created 0, updated 0, unchanged {people}, refused 0"
    assert result.refusals == []


def test_whose_data_left_is_in_the_access_log_and_which_bytes_on_the_request(world, three):
    asked = allowed(world)
    with scope(world.worker):
        person = Patient.objects.get(name="冉启华").uuid
        before = len(looks_at(person))
    fetched(world, asked)
    with scope(world.worker):
        assert len(looks_at(person)) == before + 1
        row = ExportRequest.objects.get()
    assert (row.downloads, len(row.fingerprints), len(row.fingerprints[0])) == (1, 1, 64)


def test_nobody_allows_the_own_request_neither_in_words_nor_in_the_database(world, three):
    with scope(world.county_office):
        asked = ask_export(kind="roster", place=world.county, purpose="核对", by=world.county_office)
        with pytest.raises(Refused, match="另一个人"):
            decide_export(request=asked, allow=True, answer="", by=world.county_office)
        with pytest.raises(DatabaseError), transaction.atomic():
            ExportRequest.objects.filter(pk=asked.pk).update(
                state="allowed", decided_by=world.county_office, decided_at=timezone.now()
            )
        with pytest.raises(DatabaseError), transaction.atomic():
            ExportRequest.objects.filter(pk=asked.pk).update(decided_by=world.psychiatrist)


def test_three_downloads_and_no_fourth(world, three):
    asked = allowed(world)
    for _ in range(3):
        fetched(world, asked)
    with pytest.raises(Refused, match="不能下载"):
        fetched(world, asked)


def test_a_day_after_the_permission_it_has_run_out(world, three):
    asked = allowed(world)
    with scope(world.leader):
        ExportRequest.objects.filter(pk=asked.pk).update(decided_at=timezone.now() - timedelta(hours=24, seconds=1))
    with pytest.raises(Refused, match="超过 24 小时"):
        fetched(world, asked)


def test_another_person_does_not_fetch_it_and_another_township_does_not_see_it(world, three):
    asked = allowed(world)
    with scope(world.county_office), pytest.raises(Denied):
        fetch_export(request=asked, by=world.county_office)
    with scope(world.worker_b):
        assert not ExportRequest.objects.exists()
        with pytest.raises(Denied):
            ask_export(kind="roster", place=world.town_a, purpose="看看", by=world.worker_b)


class TestInTheBrowser:
    def test_the_blank_table_filled_in_is_a_file_that_goes_in(self, world, log_in):
        client = log_in(world.worker)
        book = load_workbook(io.BytesIO(client.get(reverse("registry:import_blank")).content))
        sheet, filled = book.active, row(姓名="空白表里的人")
        names = [cell.value for cell in sheet[1]]
        assert {cell.value for cell in sheet[1] if cell.comment} == {
            "姓名", "身份证号", "现住地区划代码", "确诊日期", "诊断", "建档日期",
        }  # fmt: skip
        sheet.append([filled.get(name) for name in names])
        out = io.BytesIO()
        book.save(out)
        page = client.post(
            reverse("registry:imports"), {"file": SimpleUploadedFile("a.xlsx", out.getvalue())}
        ).content.decode()
        assert '<b class="num">1 人</b>' in page

    def test_what_is_wrong_stands_from_the_first_row_down(self, world, log_in, tmp_path):
        rows = [row(现住地区划代码=VILLAGE_B1), row(确诊日期="不知道"), row(现住地区划代码=VILLAGE_B1)]
        path = write_xlsx(tmp_path / "a.xlsx", rows)
        page = (
            log_in(world.worker)
            .post(reverse("registry:imports"), {"file": SimpleUploadedFile("a.xlsx", path.read_bytes())})
            .content.decode()
        )
        assert re.findall(r"第 (\d) 行", page) == ["2", "3", "4"]

    def test_looked_through_first_then_confirmed_with_the_same_fingerprint(self, world, log_in, tmp_path):
        path = write_xlsx(tmp_path / "a.xlsx", [row(姓名="好人"), row(姓名="坏人", 确诊日期="不知道")])
        client = log_in(world.worker)
        page = client.post(
            reverse("registry:imports"), {"file": SimpleUploadedFile("a.xlsx", path.read_bytes())}
        ).content.decode()
        assert "不是一个日期" in page
        with scope(world.worker):
            assert Patient.objects.count() == 0
            upload = ImportFile.objects.get()
        copy = client.post(reverse("registry:import_copy", args=[upload.uuid]))
        assert sheet_of(copy.content).cell(1, 1).value == "结果"
        wrong = client.post(reverse("registry:import_confirm", args=[upload.uuid]), {"sha256": "0" * 64}, follow=True)
        assert "不是刚才检查的那个文件" in wrong.content.decode()
        done = client.post(
            reverse("registry:import_confirm", args=[upload.uuid]), {"sha256": upload.sha256}, follow=True
        )
        assert "新建 1 人" in done.content.decode()
        again = client.post(reverse("registry:import_confirm", args=[upload.uuid]), {"sha256": upload.sha256})
        assert again.status_code == 404
        with scope(world.worker):
            assert ImportFile.objects.get().content is None

    def test_a_bad_file_is_refused_in_words(self, world, log_in):
        answer = log_in(world.worker).post(
            reverse("registry:imports"), {"file": SimpleUploadedFile("a.xlsx", b"PK no zip")}
        )
        assert (answer.status_code, "不是有效的 .xlsx" in answer.content.decode()) == (400, True)

    def test_another_persons_upload_is_nobodys(self, world, tmp_path):
        content = write_xlsx(tmp_path / "a.xlsx", [row()]).read_bytes()
        with scope(world.worker):
            upload, _result = look_through(content=content, name="a.xlsx", by=world.worker)
        with scope(world.county_office):
            assert not ImportFile.objects.exists()
            with pytest.raises(NotHere):
                confirm_import(row=upload, seen=upload.sha256, accept=False, by=world.county_office)

    def test_parked_items_are_decided_on_the_page(self, world, log_in, tmp_path, capsys):
        first = row()
        assert world.worker
        run(capsys, write_csv(tmp_path / "a.csv", [first]))
        run(capsys, write_csv(tmp_path / "b.csv", [{**first, "联系电话": "19900009999", "民族": "苗族"}]))
        client = log_in(world.worker)
        page = client.get(reverse("registry:parked")).content.decode()
        assert "199****9999" in page
        assert "苗族" in page
        with scope(world.worker):
            patient = Patient.objects.get()
            keys = {one.field: str(one.uuid) for one in patient.parked.all()}
        answer = client.post(
            reverse("registry:parked_decide", args=[patient.uuid]),
            {f"p-{keys['phone']}": "take", f"p-{keys['ethnicity']}": "refuse"}, follow=True,
        )  # fmt: skip
        assert "采用 1 项，不采用 1 项" in answer.content.decode()
        with scope(world.worker):
            patient.refresh_from_db()
            assert (patient.phone, patient.ethnicity) == ("19900009999", "")
