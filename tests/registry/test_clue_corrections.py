"""A 确诊 that was written by mistake: the clue ends as what it was."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.scope import scope
from registry.queries.clues import work_lines
from tests.registry.test_clues import diagnosed, report

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", ["excluded", "other"])
def test_a_diagnosis_written_by_mistake_is_corrected_and_nothing_of_it_stays(world, log_in, state):
    """Nobody stays 确诊 because of a slip: the clue ends as what it was, and forgets the person like every other."""
    clue = report(world, world.worker)
    diagnosed(world, clue, "confirmed", icd10="F20.0")
    today = timezone.localdate()
    said = {"state": state, "on": today.isoformat(), "hospital": "甲县精神卫生中心", "doctor": "医师乙"}
    client, here = log_in(world.worker), reverse("registry:clue_outcome", args=[clue.uuid])
    answer = client.post(here, said)
    assert (answer.status_code, "请写明" in answer.content.decode()) == (400, True)
    assert client.post(here, said | {"reason": "登记时选错"}).status_code == 302
    with scope(world.worker):
        clue.refresh_from_db()
        kept = {name: clue.survey.get(name) for name in ("diagnosis", "icd10", "doctor", "reason")}
        assert kept == {"diagnosis": None, "icd10": None, "doctor": "医师乙", "reason": "登记时选错"}
        assert (clue.state, clue.settled_on) == (state, today)
        assert work_lines(world.worker, today) == []
