"""A dated exception opens one patient, from the next request on, and ends by itself."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission as RightRow
from django.db import connection
from django.utils import timezone

from accounts.doors import can
from accounts.models import User
from accounts.refusals import Denied
from accounts.scope import scope
from accounts.terms import Permission
from registry.models import Patient, PatientGrant
from registry.services.grants import grant_patient
from tests.conftest import VILLAGE_A1, VILLAGE_B1, World


@pytest.fixture
def shared(world: World) -> PatientGrant:
    """Town B's patient, opened to town A's worker by town B's worker for three hours."""
    patient = world.patient(VILLAGE_B1, "西镇患者")
    world.patient(VILLAGE_A1, "东街患者")
    with scope(world.worker_b):
        return PatientGrant.objects.create(
            user=world.worker,
            content_object=patient,
            permission=RightRow.objects.get(codename="share_patient"),
            expires_at=timezone.now() + timedelta(hours=3),
            reason="协同随访",
            granted_by=world.worker_b,
        )


def seen_by(user: User) -> set[str]:
    fresh = User.objects.get(pk=user.pk)  # the standing is read once per request
    with scope(fresh):
        return set(Patient.objects.visible_to(fresh).values_list("name", flat=True))


def test_a_live_grant_opens_one_patient(world: World, shared: PatientGrant) -> None:
    assert seen_by(world.worker) == {"东街患者", "西镇患者"}
    assert seen_by(world.stranger) == set()


@pytest.mark.parametrize("column", ("expires_at", "revoked_at"))
def test_an_expired_or_revoked_grant_opens_nobody(world: World, shared: PatientGrant, column: str) -> None:
    with scope(world.worker_b), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE registry_patientgrant SET {column} = now() - interval '1 second' WHERE id = %s",
            [shared.pk],
        )
    assert seen_by(world.worker) == {"东街患者"}


def test_nobody_can_grant_in_another_s_name(world: World, shared: PatientGrant) -> None:
    with pytest.raises(Exception, match="row-level security"), scope(world.worker):
        PatientGrant.objects.create(
            user=world.worker,
            content_object=shared.content_object,
            permission=shared.permission,
            expires_at=timezone.now() + timedelta(hours=3),
            reason="自己给自己",
            granted_by=world.worker_b,
        )


def test_a_grant_opens_care_and_nothing_that_outlives_it(world: World, shared: PatientGrant) -> None:
    """Recording with the others: yes. Moving the file to one's own town, closing it, granting it on: no."""
    worker, patient = User.objects.get(pk=world.worker.pk), shared.content_object
    with scope(worker):
        assert can(worker, Permission.RECORD_VISIT, patient)
        closed = (Permission.MOVE_PATIENT, Permission.CLOSE_PATIENT, Permission.EDIT_PATIENT)
        assert [can(worker, right, patient) for right in closed] == [False] * 3
        with pytest.raises(Denied):
            grant_patient(
                patient=patient, to=world.leader, until=timezone.now() + timedelta(days=1), reason="转授", by=worker
            )
