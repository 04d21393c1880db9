"""What a recipient holds is corrected: after a release by a package of differences, with the next package by removals."""

import csv
import io
import zipfile
from datetime import timedelta

import pyrage
import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.scope import scope
from accounts.terms import FieldGroup, Role
from exchange.models import Disclosure, Package
from exchange.queries.packages import rows_of
from exchange.rules.deltas import removal_reason, removed_cells
from exchange.rules.items import GROUP_OF, header
from exchange.rules.periods import ended_before
from exchange.services.deltas import open_corrections
from exchange.services.packages import drop_package, sign_package
from exchange.services.preparing import open_period, prepare_due
from exchange.services.templates import end_template
from exchange.terms import ChangeReason, DataItem, ListKind
from registry.models import Patient
from tests.conftest import VILLAGE_A1
from tests.exchange.conftest import save
from tests.exchange.test_delivery import body, sent
from tests.exchange.test_packages import archive, house, made, signed

__all__ = ["house", "sent"]


def test_why_a_row_goes_and_what_is_left_of_it():
    assert removal_reason(ListKind.HIGH_RISK, None) is ChangeReason.WITHDRAWN
    assert removal_reason(ListKind.HIGH_RISK, "dead") is ChangeReason.ENDED
    assert removal_reason(ListKind.HIGH_RISK, "managed") is ChangeReason.FELL
    assert removal_reason(ListKind.INCIDENTS, "managed") is ChangeReason.CORRECTED
    assert removal_reason(ListKind.ENDED, None) is ChangeReason.WITHDRAWN
    items = tuple(DataItem)
    left = [item for item, cell in zip(items, removed_cells(items, ["x"] * len(items)), strict=True) if cell]
    assert {GROUP_OF[item] for item in left} == {FieldGroup.IDENTITY, FieldGroup.FULL_IDENTITY}
    assert {item for item in left if GROUP_OF[item] is FieldGroup.FULL_IDENTITY} == {
        DataItem.BIRTH_ON, DataItem.ID_NUMBER, DataItem.ID_MASKED,
    }  # fmt: skip


def tables(content: bytes) -> dict[str, list[list[str]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        return {
            name: list(csv.reader(io.StringIO(files.read(name).decode("utf-8-sig"))))
            for name in files.namelist()
            if name.endswith(".csv")
        }


def next_quarter(house) -> Package:
    later = ended_before(timezone.localdate() + timedelta(days=100), back=1)[0]
    with time_machine.travel(later.last + timedelta(days=1)):
        open_period(house["county"], later, today=timezone.localdate())
        prepare_due()
    return Package.objects.select_related("county", "agency", "template").get(period=later.name)


def test_who_fell_stands_in_the_next_package_as_removed_without_the_new_level(house):
    signed(house, made(house))
    package = next_quarter(house)
    found = tables(archive(package))
    (name,) = [one for one in found if one.endswith("high_risk-changes.csv")]
    head, row = found[name]
    assert head[:4] == ["异议", "变动", "原因", "姓名"]
    said = dict(zip(head, row, strict=True))
    assert (said["变动"], said["原因"], said["姓名"]) == ("移除", "不再符合通报条件", "'=高危甲")
    assert (said[header(DataItem.LEVEL)], said[header(DataItem.GUARDIAN_NAME)]) == ("", "")
    assert [one for one in found if one.endswith("new-changes.csv")] == []  # a list of one period
    office = house["who"]
    with time_machine.travel(timezone.now() + timedelta(days=120)):
        for role in (Role.COMMISSION, Role.PRIVACY_OFFICER):
            package = sign_package(package=package, seen=package.content_sha256, by=office[role])
    with scope(counties=[house["county"].pk]):
        (line,) = Disclosure.objects.filter(release=package.uuid, act="recalled")
    assert (line.person, "level" in line.fields, "name" in line.fields) == (house["high"].uuid, False, True)


def test_the_preview_says_how_many_rows_take_somebody_out(house, log_in):
    """The lists of the page add up to the rows of the file only with these."""
    signed(house, made(house))
    package = next_quarter(house)
    page = (
        log_in(house["who"][Role.EXCHANGE_CLERK]).get(reverse("exchange:package", args=[package.uuid])).content.decode()
    )
    told = sum(one["rows"] for name, one in package.counts.items() if isinstance(one, dict))
    assert package.rows == told + 1
    assert f"这一包里有 {package.rows} 行" in page
    assert "另有 1 行移除" in page


def test_nothing_changed_makes_no_correction(sent):
    assert open_corrections() == 0
    assert Package.objects.filter(corrects__isnull=False).count() == 0


def test_a_corrected_address_and_a_late_person_reach_who_holds_the_old_row(sent, log_in):
    world, one = sent["world"], sent["one"]
    ago = (timezone.localdate() - one.last).days
    with scope(counties=[sent["county"].pk]):
        Patient.objects.filter(pk=sent["high"].pk).update(residence_address="甲村新址九号")
    late = world.patient(VILLAGE_A1, "补录丁")
    save(world.worker, late, 3, ago + 2)
    assert open_corrections() == 1
    assert open_corrections() == 0  # one is under way
    package = Package.objects.select_related("county", "agency", "template", "corrects").get(corrects=sent["package"])
    assert (package.state, package.version, package.period) == ("prepared", 2, one.name)
    assert package.counts["high_risk"] == {"rows": 2, "new": 1, "gone": 0, "changed": 1}
    with scope(counties=[sent["county"].pk]):
        rows = [cells[:3] for _key, cells in rows_of(package, "high_risk", is_change=True)]
    assert sorted(rows) == [["新增", "补录", "补录丁"], ["更正", "资料更正", "=高危甲"]]
    page = log_in(sent["clerk"]).get(reverse("exchange:package", args=[package.uuid])).content.decode()
    assert "更正" in page
    assert "高危甲" not in page
    package = signed(sent, package)
    client = log_in(sent["officer"])
    assert "更正（第 2 版）" in client.get(reverse("exchange:files")).content.decode()
    plain = pyrage.decrypt(body(client.post(reverse("exchange:file_fetch", args=[package.uuid]))), [sent["identity"]])
    assert plain == archive(package)
    assert all("-changes.csv" in name and "-v2" in name for name in tables(plain))
    assert open_corrections() == 0  # what was told is held now
    with scope(counties=[sent["county"].pk]):
        told = Disclosure.objects.filter(release=package.uuid, act="disclosed").values_list("person", flat=True)
        assert {sent["high"].uuid, late.uuid} == set(told)


def test_a_correction_that_was_dropped_is_not_lost(sent):
    with scope(counties=[sent["county"].pk]):
        Patient.objects.filter(pk=sent["high"].pk).update(residence_address="甲村新址九号")
    assert open_corrections() == 1
    drop_package(package=Package.objects.get(corrects=sent["package"]), because="等下一次", by=sent["clerk"])
    assert open_corrections() == 1
    assert sorted(Package.objects.filter(corrects=sent["package"]).values_list("version", "state")) == [
        (2, "dropped"), (3, "prepared"),
    ]  # fmt: skip


def test_a_stopped_exchange_is_not_continued_by_corrections(sent):
    with scope(counties=[sent["county"].pk]):
        Patient.objects.filter(pk=sent["high"].pk).update(residence_address="甲村新址九号")
    end_template(template=sent["template"], because="停用", by=sent["privacy"])
    assert open_corrections() == 0


@pytest.mark.parametrize("again", (1, 2))
def test_a_correction_of_a_correction_goes_from_what_is_held(sent, again):
    for number in range(again + 1):
        with scope(counties=[sent["county"].pk]):
            Patient.objects.filter(pk=sent["high"].pk).update(residence_address=f"{'甲乙丙'[number]}村新址")
        assert open_corrections() == 1
        package = Package.objects.filter(corrects=sent["package"]).order_by("-version").first()
        assert package.counts["high_risk"] == {"rows": 1, "new": 0, "gone": 0, "changed": 1}
        signed(sent, package)
