"""The visits file in the browser: looked at first, handed back with its marks, written when confirmed."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.scope import scope
from followup.models import Visit
from registry.models import ImportFile
from tests.followup.conftest import days_ago
from tests.followup.test_import import row
from tests.registry.sheets import write_xlsx

pytestmark = pytest.mark.django_db
PAGE = "followup:visit_imports"


def upload(client, tmp_path, *rows):
    content = write_xlsx(tmp_path / "visits.xlsx", list(rows)).read_bytes()
    return client.post(reverse(PAGE), {"file": SimpleUploadedFile("visits.xlsx", content)})


def waiting(user):
    with scope(user):
        return ImportFile.objects.get(done_at=None)


def confirm(client, user, **more):
    found = waiting(user)
    said = {"sha256": found.sha256, **more}
    return client.post(reverse("followup:visit_import_confirm", args=[found.uuid]), said, follow=True).content.decode()


def test_a_dry_run_writes_nothing_and_the_copy_has_red_cells_with_a_sentence(world, person, log_in, tmp_path):
    patient, number = person()
    office = world.county_office
    client = log_in(office)
    page = upload(client, tmp_path, row(number, days_ago(90)), row(number, days_ago(60), 睡眠="7")).content.decode()
    assert "第 3 行" in page
    with scope(office):
        assert not Visit.objects.filter(patient=patient).exists()
    answer = client.post(reverse("followup:visit_import_copy", args=[waiting(office).uuid]))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    headers = [cell.value for cell in sheet[1]]
    bad = sheet[3][headers.index("睡眠")]
    assert (sheet[2][0].value, bad.fill.start_color.rgb, bool(bad.comment)) == ("已导入", "FFFFC7CE", True)
    assert sheet[3][0].value.startswith("未导入。睡眠：")
    assert "新建 1 条" in confirm(client, office)
    with scope(office):
        assert Visit.objects.filter(patient=patient).count() == 1


def test_the_blank_table_filled_in_goes_in(world, person, log_in):
    _patient, number = person()
    client = log_in(world.county_office)
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("followup:visit_import_blank")).content))
    names, said = [cell.value for cell in book.active[1]], row(number, days_ago(90))
    assert set(said) <= set(names)
    book.active.append([said.get(name) for name in names])
    out = io.BytesIO()
    book.save(out)
    client.post(reverse(PAGE), {"file": SimpleUploadedFile("visits.xlsx", out.getvalue())})
    assert "新建 1 条" in confirm(client, world.county_office)


def test_what_differs_is_held_back_until_the_person_says_so(world, person, log_in, tmp_path):
    patient, number = person()
    office = world.county_office
    client = log_in(office)
    upload(client, tmp_path, row(number, days_ago(90)))
    confirm(client, office)
    changed = row(number, days_ago(90), 睡眠="3")
    assert "没有改" in upload(client, tmp_path, changed).content.decode()
    assert "更正 0 条，没有变化 1 条" in confirm(client, office)
    upload(client, tmp_path, changed)
    assert "更正 1 条" in confirm(client, office, accept="1")
    with scope(office):
        versions = Visit.objects.filter(patient=patient).order_by("version").values_list("version", "sleep")
        assert list(versions) == [(1, 1), (2, 3)]


def test_a_file_of_patients_is_not_confirmed_as_visits(world, person, log_in, tmp_path):
    _patient, number = person()
    client = log_in(world.worker)
    upload(client, tmp_path, row(number, days_ago(90)))
    found = waiting(world.worker)
    answer = client.post(reverse("registry:import_confirm", args=[found.uuid]), {"sha256": found.sha256})
    assert answer.status_code == 404
