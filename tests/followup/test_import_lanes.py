"""The command writes with two processes: one report, every row once, nobody's rows parted."""

import subprocess
import sys

import pytest

from accounts.scope import scope
from followup.models import Visit
from followup.services.rebuild import rebuild_summaries
from followup.services.visit_import import _parts
from followup.services.windows import rebuild_windows
from ops.embedded import PROJECT
from tests.followup.conftest import days_ago
from tests.followup.test_import import row
from tests.registry.sheets import write_csv


def run(path, *options):
    words = [sys.executable, "manage.py", "import_visits", str(path), "--by", "worker", *options]
    done = subprocess.run(words, cwd=PROJECT, capture_output=True, text=True, check=False)
    return done.stdout.strip().splitlines(), done.returncode


@pytest.mark.django_db(transaction=True)
def test_the_command_writes_everybody_once_and_tells_of_every_bad_row(world, person, tmp_path):
    assert world.worker.username == "worker"
    people = [person(opened_on=days_ago(800)) for _n in range(5)]
    lines = [row(number, days_ago(n)) for _patient, number in people for n in (400, 200, 100, 3)]
    lines += [row(people[0][1], days_ago(50), 危险性="3级x"), row(people[4][1], days_ago(60), 危险性=None)]
    path = write_csv(tmp_path / "visits.csv", lines)
    assert run(path, "--dry-run")[0][-1] == "created 20, updated 0, unchanged 0, refused 2"
    said, code = run(path)
    assert (said[-1], code) == ("created 20, updated 0, unchanged 0, refused 2", 1)
    assert [line.split(" ")[1] for line in said[:2]] == ["22", "23"], "both bad rows, in their order"
    assert run(path)[0][-1] == "created 0, updated 0, unchanged 20, refused 2"
    with scope(counties=[world.county.pk]):
        kept = Visit.objects.values_list("patient", flat=True)
        assert sorted(kept) == sorted(patient.pk for patient, _number in people for _n in range(4))
        assert rebuild_summaries(check=True) == []
        assert rebuild_windows(check=True) == []


@pytest.mark.parametrize(
    ("keys", "lanes", "expected"),
    (
        ([1, 1, 2, 2], 1, [[0, 1, 2, 3]]),
        ([1, 1, 2, 2], 2, [[0, 1], [2, 3]]),
        ([1, 1, 1, 2], 2, [[0, 1, 2], [3]]),
        ([1, 1, 1, 1], 2, [[0, 1, 2, 3]]),
        ([], 2, [[]]),
        ([7], 2, [[0]]),
        ([1, 2, 2, 2, 2, 3], 3, [[0, 1, 2, 3, 4], [5]]),
    ),
    ids=str,
)
def test_rows_are_parted_between_patients(keys, lanes, expected):
    assert _parts(keys, list(range(len(keys))), lanes) == expected
