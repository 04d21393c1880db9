"""Kept papers: what is taken, who may open them, and how they leave."""

from io import BytesIO

import pytest
from django.db import connection
from django.urls import reverse

from accounts.queries.access import who_saw
from accounts.refusals import Denied, Refused
from accounts.scope import scope
from registry.models import Scan
from registry.rules.scans import LARGEST_BYTES, ScanRefused, form_of
from registry.services.scans import keep_scan
from tests.conftest import VILLAGE_A1, VILLAGE_C1

PDF, JPEG, PNG = b"%PDF-1.7\n", b"\xff\xd8\xff\xe0JFIF", b"\x89PNG\r\n\x1a\n\0\0"


@pytest.mark.parametrize(
    ("content", "form"),
    (
        pytest.param(PDF, "pdf", id="pdf"),
        pytest.param(JPEG, "jpg", id="jpeg"),
        pytest.param(PNG, "png", id="png"),
        pytest.param(PDF.ljust(LARGEST_BYTES, b"0"), "pdf", id="exactly-5-mb"),
    ),
)
def test_a_paper_is_told_by_its_first_bytes(content, form):
    assert form_of(content) == form


@pytest.mark.parametrize(
    ("content", "says"),
    (
        pytest.param(b"", "空的", id="empty"),
        pytest.param(PDF.ljust(LARGEST_BYTES + 1, b"0"), "超过 5 MB", id="one-byte-more"),
        pytest.param(b"<html><script>", "只收 PDF", id="page"),
        pytest.param(b"MZ\x90\0", "只收 PDF", id="program"),
        pytest.param(b"PK\x03\x04", "只收 PDF", id="archive"),
        pytest.param(b" %PDF-1.7", "只收 PDF", id="not-at-the-start"),
        pytest.param(b"GIF89a", "只收 PDF", id="another-picture"),
    ),
)
def test_anything_else_is_refused_in_words(content, says):
    with pytest.raises(ScanRefused, match=says):
        form_of(content)


@pytest.mark.django_db
class TestKeeping:
    def keep(self, world, patient, by, content=PDF, kind="consent"):
        with scope(by):
            return keep_scan(patient=patient, upload=BytesIO(content), kind=kind, by=by)

    def test_the_bytes_stand_sealed_in_the_database_and_come_back_whole(self, world):
        patient = world.patient(VILLAGE_A1)
        row = self.keep(world, patient, world.worker)
        with scope(world.worker), connection.cursor() as cursor:
            cursor.execute("SELECT content FROM registry_scan")
            assert PDF not in bytes(cursor.fetchone()[0])
            assert Scan.objects.get(pk=row.pk).content == PDF

    def test_the_same_file_twice_is_one_paper_another_kind_is_another(self, world):
        patient = world.patient(VILLAGE_A1)
        first = self.keep(world, patient, world.worker)
        assert self.keep(world, patient, world.worker).pk == first.pk
        assert self.keep(world, patient, world.worker, kind="identity").pk != first.pk

    def test_a_wrong_file_keeps_nothing(self, world):
        patient = world.patient(VILLAGE_A1)
        with pytest.raises(Refused, match="只收 PDF") as refusal:
            self.keep(world, patient, world.worker, content=b"hello")
        assert refusal.value.field == "scan"
        with scope(world.worker):
            assert Scan.objects.count() == 0

    def test_who_may_not_file_keeps_nothing(self, world):
        patient = world.patient(VILLAGE_A1)
        for by in (world.leader, world.village_doctor):
            with pytest.raises(Denied):
                self.keep(world, patient, by)

    def test_it_leaves_as_a_file_with_no_name_in_its_name(self, world, log_in):
        patient = world.patient(VILLAGE_A1)
        row = self.keep(world, patient, world.worker, content=JPEG)
        answer = log_in(world.worker).get(reverse("registry:scan", args=[row.uuid]))
        assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, JPEG, "image/jpeg")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"].startswith(f'attachment; filename="{patient.number:05d}-consent-')
        assert "no-store" in answer["Cache-Control"]
        assert "registry:scan" in {look.route for look in who_saw(patient.uuid)}

    @pytest.mark.parametrize("who", ("stranger", "worker_b"))
    def test_a_paper_of_another_township_is_not_there(self, who, world, log_in):
        row = self.keep(world, world.patient(VILLAGE_A1), world.worker)
        assert log_in(getattr(world, who)).get(reverse("registry:scan", args=[row.uuid])).status_code == 404

    def test_who_sees_the_patient_masked_does_not_open_papers(self, world, log_in):
        row = self.keep(world, world.patient(VILLAGE_A1), world.worker)
        assert log_in(world.leader).get(reverse("registry:scan", args=[row.uuid])).status_code == 403

    def test_papers_are_not_taken_away(self, world):
        from tests.registry.test_walls import refused

        self.keep(world, world.patient(VILLAGE_C1), world.stranger)
        with scope(world.stranger):
            assert "permission denied" in refused(lambda: Scan.objects.all().delete())
