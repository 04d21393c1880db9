"""What must be seen is seen; a number comes only when asked for, one at a time; a printed report names nobody."""

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Division
from tests.access import matrix
from tests.access.asking import ask, path_of, read
from tests.access.canaries import found_in


def _name(case):
    return f"{case['role']}-{case['url']}-{case['about']}"


@pytest.mark.parametrize("case", matrix.text()["must"], ids=_name)
def test_what_the_duty_needs_is_there(case, world):
    path = path_of(matrix.addresses()[case["url"]], world, case["role"], case["about"])
    # a list behind a number has two sides; on which one the person stands depends on the day of the year
    sides = ("?side=counted", "?side=not") if case["url"] == "reports:people" else ("",)
    client = world.client(case["role"])
    text = "".join(ask(client, "GET", path + side).text for side in sides)
    found = found_in(text, world.people).get(case["about"], set())
    assert sorted(set(case["fields"]) - found) == []


@pytest.mark.parametrize(
    ("what", "shown"), [("id_number", "id_number"), ("phone", "phone"), ("guardian_phone", "guardian_phone")]
)
def test_a_number_comes_alone_and_only_when_asked_for(what, shown, world):
    path = reverse("registry:reveal", args=[world.uuids["own_village"]])
    answer = ask(world.client("township_worker"), "POST", path, {"what": what, "purpose": "follow_up"})
    assert answer.status == 200
    assert found_in(answer.text, world.people)["own_village"] - {"name"} == {shown}


def test_the_masked_list_shows_every_case_and_no_name(world):
    answer = ask(world.client("commission"), "GET", reverse("registry:cases"))
    open_files = [p for p in world.people if p.relation not in ("other_county", "alerted_abroad", "dead", "left")]
    assert answer.text.count("赵＊") == len(open_files)
    assert found_in(answer.text, world.people) == {}


def test_the_printed_report_counts_people_and_names_none(world, tmp_path):
    """The plan is 酉阳's: for this one test 甲县 bears its code."""
    file = tmp_path / "report.pdf"
    with transaction.atomic():
        for place in Division.objects.filter(code__startswith="990001"):
            Division.objects.filter(pk=place.pk).update(code=place.code.replace("990001", "500242", 1))
        call_command("load_plan", "youyang-2023")
        today = timezone.localdate()
        order = ("--plan", "youyang-2023", "--area", "500242", "--as-of", today.isoformat(), "--out", str(file))
        call_command("plan_report", *order)
        transaction.set_rollback(True)
    text = read(file.read_bytes(), "application/pdf")
    assert found_in(text, world.people) == {}
    assert "酉阳" in text
    assert "规律服药" in text.replace("\n", "")
