"""失访（死亡）患者登记表 says what holds now; a loss of years ago, long since over, is not printed as one of today."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.scope import scope
from registry.models import Patient
from registry.queries.loss import loss_paper
from registry.services.status import set_status

pytestmark = pytest.mark.django_db


def paper(patient, by):
    with scope(by):
        found = loss_paper(Patient.objects.select_related("village").get(pk=patient.pk))
    return found.status, found.on


def test_the_paper_is_blank_again_once_the_person_was_found(world, ran):
    gone, back = (timezone.localdate() - timedelta(days=days) for days in (90, 60))
    assert paper(ran, world.worker) == ("", None)
    with scope(world.worker):
        set_status(patient=ran, value="lost", on=gone, by=world.worker, reason="走失")
    assert paper(ran, world.worker) == ("失访", gone)
    with scope(world.worker):
        set_status(patient=Patient.objects.get(pk=ran.pk), value="managed", on=back, by=world.worker)
    assert paper(ran, world.worker) == ("", None)
