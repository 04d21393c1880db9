"""Every file, letter and alert per kind of agency holds exactly what its template lists; a new field is told to nobody.

Source: issue 4, Show 2. Mails and webhooks are told nothing at all: tests/exchange/test_notices.py.
"""

import csv
import io
import zipfile
from dataclasses import dataclass, fields
from datetime import timedelta

import pytest
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import Assignment
from accounts.scope import scope
from accounts.terms import AgencyKind, Role
from exchange.models import AlertEntry, Package
from exchange.queries.packages import told_in_blocks
from exchange.queries.templates import presets
from exchange.rules.content import TEMPLATES, PersonFacts
from exchange.rules.items import GROUP_OF, header
from exchange.rules.periods import ended_before
from exchange.rules.readers import READERS, row
from exchange.rules.snapshot import PersonSnapshot, RowSource
from exchange.services.archives import MARKS, contents_of, write_contents
from exchange.services.preparing import open_due, prepare_due
from exchange.terms import DataItem, Rhythm
from registry.models import Patient
from registry.services.around import record_social
from tests import factories
from tests.conftest import COUNTY, VILLAGE_A1
from tests.exchange.conftest import save
from tests.exchange.templates import in_force
from tests.exchange.test_packages import text_of

I = DataItem  # noqa: E741
# What the person carries, and the columns that may show it. None: nothing may.
TOKENS = {
    "赵金丝雀": {I.NAME},
    "19900000031": {I.PHONE},
    "金丝东路": {I.ADDRESS, I.ADDRESS_SHORT},
    "18号": {I.ADDRESS},
    "户籍金丝巷": {I.HOUSEHOLD_ADDRESS},
    "试验监护人": {I.GUARDIAN_NAME},
    "19900000002": {I.GUARDIAN_PHONE},
    "医院金丝": set(),
    "症状金丝": set(),
    "药物金丝": set(),
    "救助备注金丝": set(),
}  # fmt: skip
PERIODS = (Rhythm.QUARTERLY, Rhythm.HALF_YEARLY)
KEYS = [key for key, one in presets().items() if one.rhythm in PERIODS]


@pytest.fixture
def house(world):
    """One person about whom there is something in every list, and a template of every kind and occasion in force."""
    county = world.places[COUNTY]
    office = factories.make_agency(AgencyKind.HEALTH_COMMISSION, county)
    clerk, officer = (factories.make_user(role, county, office) for role in (Role.EXCHANGE_CLERK, Role.PRIVACY_OFFICER))
    Assignment.objects.update(ends_on=None)
    person = world.patient(
        VILLAGE_A1, "赵金丝雀", phone="19900000031", residence_address="金丝东路3组18号", household_address="户籍金丝巷",
        diagnosing_hospital="医院金丝",
    )  # fmt: skip
    last = min(one.last for one in ended_before(timezone.localdate(), back=1))
    ago = (timezone.localdate() - last).days
    with scope(world.worker):
        for kind, source in (
            ("dibao", "civil_affairs"),
            ("disability", "disabled_federation"),
            ("insured", "insurance"),
        ):
            record_social(
                patient=person, kind=kind, holds=True, on=last - timedelta(days=9), source=source, note="救助备注金丝",
                by=world.worker, **({"grade": 2} if kind == "disability" else {}),
            )  # fmt: skip
    save(world.worker, person, 4, ago + 5, symptom_text="症状金丝", symptoms=(12,))
    for key in KEYS:
        kind = presets()[key].agency
        factories.make_agency(kind, county)
        in_force(county, key, clerk=clerk, officer=officer)
    return {"county": county, "person": person}


def prepared(house) -> list[Package]:
    open_due(timezone.localdate())
    prepare_due()
    return list(Package.objects.filter(state="prepared").select_related("county", "agency", "template"))


def files_of(package: Package, *, letter: bytes | None = None) -> bytes:
    out = io.BytesIO()
    with scope(counties=[package.county_id]):
        write_contents(contents_of(package, letter=letter), out)
    return out.getvalue()


def words_of(content: bytes) -> str:
    """Names of files, plain lists, cells, and the letter with its metadata."""
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        letter = PdfReader(io.BytesIO(files.read("交换函.pdf")))
        pages = [page.extract_text() for page in letter.pages]
        return "\n".join([*files.namelist(), *pages, str(letter.metadata), text_of(content)])


def test_every_kind_gets_exactly_its_templates_fields(house):
    packages = prepared(house)
    assert {package.agency.kind for package in packages} == {presets()[key].agency.value for key in KEYS}
    for package in packages:
        with scope(counties=[house["county"].pk]):
            rows = [row for block in told_in_blocks(package) for row in block if row.person == house["person"].uuid]
            told = {DataItem(name) for row in rows for name in row.items}
        content = files_of(package)
        found = words_of(content)
        shown = {token for token in TOKENS if token in found}
        assert shown == {token for token, items in TOKENS.items() if items & told}, str(package)
        assert house["person"].uuid.hex not in found.replace("-", "")
        with zipfile.ZipFile(io.BytesIO(content)) as files:
            for part in package.template.parts:
                (name,) = [one for one in files.namelist() if one.endswith(f"-{part.kind.value}.csv")]
                heads = next(csv.reader(io.StringIO(files.read(name).decode("utf-8-sig"))))
                marks = [] if part.kind.value == "totals" else list(MARKS)
                assert heads == [*marks, *(header(item) for item in part.items)]


def test_a_field_added_to_the_person_changes_no_file_and_no_alert(house, world, monkeypatch):
    before = {package.pk: files_of(package, letter=b"") for package in prepared(house)}
    with scope(world.worker):
        alerts = list(AlertEntry.objects.order_by("id").values_list("kind", flat=True))
    plain = Patient.from_db.__func__

    def with_more(cls, *args):
        found = plain(cls, *args)
        found.religion = found.new_secret = "金丝雀新栏"
        return found

    monkeypatch.setattr(Patient, "from_db", classmethod(with_more))
    with scope(world.worker):
        assert Patient.objects.get(pk=house["person"].pk).new_secret == "金丝雀新栏"
    Package.objects.filter(state="prepared").update(state="opened")
    for package in Package.objects.select_related("county"):
        with scope(counties=[package.county_id]):
            package.parts.all().delete()
    again = prepared(house)
    assert {package.content_sha256 for package in again}
    for package in again:
        with (
            zipfile.ZipFile(io.BytesIO(files_of(package, letter=b""))) as now,
            zipfile.ZipFile(io.BytesIO(before[package.pk])) as was,
        ):
            for name in was.namelist():
                if name.endswith(".csv"):
                    assert now.read(name) == was.read(name)
    save(world.worker, house["person"], 5)
    with scope(world.worker):
        entries = list(AlertEntry.objects.order_by("id"))[len(alerts) :]
        assert entries
        for entry in entries:
            assert set(entry.content) == {field.value for field in TEMPLATES[entry.alert.agency.kind].fields}
            assert "金丝雀新栏" not in str(entry.content)


def test_files_and_alerts_draw_from_closed_lists():
    """Every column has one reader and one privacy group; a reader sees the typed snapshot and nothing else."""
    assert set(READERS) == set(DataItem) == set(GROUP_OF)
    known = {one.name for one in fields(PersonSnapshot)}
    assert not known & {"symptom_text", "drug", "note", "religion"}
    assert "diagnosis" not in {one.name for one in fields(PersonFacts)}

    @dataclass(frozen=True)
    class Grown(PersonSnapshot):
        new_secret: str = "金丝雀新栏"

    on = timezone.localdate()
    plain, grown = RowSource(on, PersonSnapshot(name="甲")), RowSource(on, Grown(name="甲"))
    assert row(tuple(DataItem), plain) == row(tuple(DataItem), grown)


@pytest.mark.parametrize("office", sorted(TEMPLATES))
def test_an_alert_holds_its_offices_fields_and_no_token_else(world, office):
    person = world.patient(
        VILLAGE_A1, "赵金丝雀", phone="19900000031", household_address="户籍金丝巷", diagnosing_hospital="医院金丝"
    )
    save(world.worker, person, 4, symptom_text="症状金丝", symptoms=(12,))
    with scope(world.worker):
        for entry in AlertEntry.objects.filter(alert__agency__kind=office).select_related("alert__agency"):
            assert set(entry.content) == {field.value for field in TEMPLATES[office].fields}
            said = str(entry.content)
            assert "赵金丝雀" in said
            for token in ("19900000031", "户籍金丝巷", "医院金丝", "症状金丝", str(person.id_number)):
                assert token not in said
