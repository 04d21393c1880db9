"""What a file says otherwise waits until somebody decides; the annotated copy says what became of every row."""

import io
import zipfile
import zlib

import pytest
from openpyxl import load_workbook

from accounts.refusals import Denied, Refused
from accounts.scope import scope
from registry.models import ParkedChange, Patient
from registry.rules.table import TableRefused
from registry.services.annotated import annotated
from registry.services.importing import read_table
from registry.services.parking import decide_parked, waiting_in
from registry.services.patient_import import import_patients
from registry.services.workbooks import check_workbook
from tests.registry.sheets import WHOLE, row, run, write_csv, write_xlsx

pytestmark = pytest.mark.django_db
CHANGED = {"联系电话": "19900009999", "监护人姓名": "石秀英", "监护人电话": "19900008888", "民族": "苗族"}


@pytest.fixture
def filed(world, tmp_path, capsys):
    """One person on file, and the path of a file that says four other things of them."""
    assert world.worker
    first = row(**WHOLE)
    run(capsys, write_csv(tmp_path / "a.csv", [first]))
    path = write_csv(tmp_path / "b.csv", [{**{name: first[name] for name in row()}, **CHANGED}])
    assert run(capsys, path) == ("created 0, updated 0, unchanged 1, refused 0", 0)
    return path


def parked(world):
    with scope(world.worker):
        return waiting_in(Patient.objects.all())


def test_what_differs_waits_field_by_field_and_nothing_is_overwritten(world, filed):
    assert [(one.field, one.value) for one in parked(world)] == [
        ("guardian_name", {"guardian_name": "石秀英", "guardian_phone": "19900008888"}),
        ("phone", {"phone": "19900009999"}),
        ("ethnicity", {"ethnicity": "苗族"}),
    ]
    with scope(world.worker):
        assert Patient.objects.get().phone == "19900001952"


def test_the_same_file_again_parks_nothing_more(world, filed, capsys):
    assert run(capsys, filed) == ("created 0, updated 0, unchanged 1, refused 0", 0)
    assert len(parked(world)) == 3


def test_accepted_items_are_taken_the_others_stay_refused_for_good(world, filed, capsys):
    guardian, phone, ethnicity = parked(world)
    with scope(world.worker):
        patient = Patient.objects.get()
        changes = decide_parked(
            patient=patient, accepted=[str(guardian.uuid), str(phone.uuid)], refused=[str(ethnicity.uuid)],
            by=world.worker,
        )  # fmt: skip
        assert set(changes) == {"guardian_name", "guardian_phone", "phone"}
        patient.refresh_from_db()
        assert (patient.phone, patient.ethnicity) == ("19900009999", "土家族")
    run(capsys, filed)
    assert parked(world) == []


def test_two_people_decide_the_second_is_told(world, filed):
    _guardian, phone, _ethnicity = parked(world)
    with scope(world.worker):
        patient = Patient.objects.get()
        decide_parked(patient=patient, accepted=[str(phone.uuid)], refused=[], by=world.worker)
        with pytest.raises(Refused, match="已经由别人核对过"):
            decide_parked(patient=patient, accepted=[], refused=[str(phone.uuid)], by=world.worker)


def test_a_stranger_sees_nothing_parked_and_decides_nothing(world, filed):
    with scope(world.worker):
        patient = Patient.objects.get()
    with scope(world.stranger):
        assert not ParkedChange.objects.exists()
        with pytest.raises(Denied):
            decide_parked(patient=patient, accepted=[], refused=[], by=world.stranger)


def test_accept_takes_all_by_sets_and_in_the_same_words(world, tmp_path, capsys):
    assert world.worker
    people = [row(姓名=f"试验{n}") for n in "甲乙丙丁"]
    run(capsys, write_csv(tmp_path / "a.csv", people))
    again = write_csv(tmp_path / "b.csv", [{**one, "联系电话": "19900007777", "民族": "苗族"} for one in people])
    assert run(capsys, again, accept=True) == ("created 0, updated 4, unchanged 0, refused 0", 0)
    assert run(capsys, again, accept=True) == ("created 0, updated 0, unchanged 4, refused 0", 0)
    with scope(world.worker):
        assert {(p.phone, p.ethnicity, p.version) for p in Patient.objects.all()} == {("19900007777", "苗族", 2)}
    assert parked(world) == []


def test_the_copy_has_the_result_first_red_cells_and_goes_in_again(world, tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", [row(姓名="好人"), row(姓名="坏人", 确诊日期="不知道")])
    with scope(world.worker):
        pass
    result = import_patients(table=read_table(path), by=world.worker)
    content = annotated(read_table(path), result)
    sheet = load_workbook(io.BytesIO(content)).active
    head = [cell.value for cell in sheet[1]]
    assert head[0] == "结果"
    bad = sheet.cell(3, head.index("确诊日期") + 1)
    assert (sheet.cell(2, 1).value, sheet.cell(3, 1).value.startswith("未导入。确诊日期：不是一个日期")) == (
        "已导入",
        True,
    )
    assert bad.fill.start_color.rgb == "FFFFC7CE"
    assert "不是一个日期" in bad.comment.text
    assert {cell.data_type for line in sheet for cell in line if cell.value is not None} == {"s"}
    mended = tmp_path / "c.xlsx"
    mended.write_bytes(content)
    book = load_workbook(mended)
    book.active.cell(3, head.index("确诊日期") + 1).value = "2020-01-02"
    book.save(mended)
    again = import_patients(table=read_table(mended), by=world.worker)
    assert again.counts.line() == "created 1, updated 0, unchanged 1, refused 0"


def test_a_workbook_whose_directory_lies_about_its_sizes_is_refused(tmp_path):
    """The directory says ten bytes; 150 million come out."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = b"".join(packer.compress(b"0" * 1_000_000) for _ in range(150)) + packer.flush()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", body)
    content = bytearray(out.getvalue())
    for at, width in ((8, 22), (10, 24)):  # method and unpacked size, in the local header and in the directory
        start = 0 if at == 8 else content.index(b"PK\x01\x02")
        content[start + at : start + at + 2] = (8).to_bytes(2, "little")
        content[start + width : start + width + 4] = (len(body) * 90).to_bytes(4, "little")
    with pytest.raises(TableRefused, match="目录与内容不一致"):
        check_workbook(bytes(content))
