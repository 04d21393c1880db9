"""A clue that keeps a person's data while nothing is fixed comes back after the county's number of days."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.scope import scope
from registry.models import Clue
from registry.queries.clues import work_lines
from tests.registry import test_clues
from tests.registry.test_clues import diagnosed, report

pytestmark = pytest.mark.django_db
clerk = test_clues.clerk


@pytest.mark.parametrize(
    ("outcome", "verb", "said"),
    [
        pytest.param("confirmed", "建档", "已确诊 61 天，还没有建档", id="diagnosed-without-a-file"),
        pytest.param("declined", "再次核实", "拒绝诊断 61 天，没有约再次核实", id="refused-without-a-day"),
    ],
)
def test_a_clue_kept_for_long_with_nothing_fixed_is_brought_back(world, clerk, log_in, outcome, verb, said):
    clue, today = report(world, clerk), timezone.localdate()
    diagnosed(world, clue, outcome, **({"reason": "家属不同意"} if outcome == "declined" else {}))
    with scope(world.worker):
        before = [line.why for line in work_lines(world.worker, today + timedelta(days=60))]
        (line,) = work_lines(world.worker, today + timedelta(days=61))
    assert before == (["已确诊，还没有建档。"] if outcome == "confirmed" else [])
    assert (line.verb, said in line.why) == (verb, True)
    with scope(world.worker):
        Clue.objects.filter(pk=clue.pk).update(
            settled_on=today - timedelta(days=61) if outcome == "confirmed" else None,
            visited_on=today - timedelta(days=61),
        )
    assert said in log_in(world.worker).get(reverse("registry:clues")).content.decode()
