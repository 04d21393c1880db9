"""A patient's page against an f-string page over one optimal statement, behind the same login and access log."""

import re

from django.test import Client, override_settings
from django.urls import reverse

from accounts.scope import scope
from registry.models import Patient
from tests.bench.measure import Result, compare
from tests.bench.worklist import busiest_township, worker_of

GOAL = 2.5  # performance §9 row 1: what a page may cost more than its optimum


def says(page: bytes) -> dict[str, str]:
    """What both pages must show alike."""
    text = re.sub(r"<[^>]*>", " ", page.decode())
    found = {name: re.search(pattern, text) for name, pattern in PATTERNS.items()}
    return {name: match.group(1).strip() for name, match in found.items() if match}


PATTERNS = {
    "number": r"内部编号\s+(\d{5})", "id": r"(\d{6}\*{8}[\dX]{4})", "phone": r"(\d{3}\*{4}\d{4})",
    "diagnosis": r"目前诊断\s+(\S+?)(?:（|\s)", "born": r"出生日期\s+(\S+)", "since": r"自\s+(\S+)\s+起",
}  # fmt: skip


def bench() -> Result:
    town, _due = busiest_township()
    worker = worker_of(town)
    client = Client()
    client.force_login(worker, backend="accounts.backends.AccountBackend")
    with scope(worker):
        people = Patient.objects.filter(duty_township=town.pk, closed_on=None, guardians__isnull=False)
        found = people.exclude(id_index=None).exclude(phone_index=None).order_by("id").distinct()[:20]
        uuids = [person.uuid for person in found]
    turns = {"ours": 0, "base": 0}

    def page(which: str, address: str) -> bytes:
        uuid = uuids[turns[which] % len(uuids)]  # nobody twice in a row: each page is another person's
        turns[which] += 1
        answer = client.get(reverse(address, args=[uuid]))
        assert answer.status_code == 200
        return answer.content

    with override_settings(ROOT_URLCONF="tests.bench.urls"):
        for _person in uuids:
            mine, plain = says(page("ours", "registry:patient")), says(page("base", "bench_patient"))
            assert mine == plain, f"the two pages do not say the same: {mine} and {plain}"
            assert {"number", "id", "phone", "born", "since"} <= mine.keys(), f"the page says too little: {mine}"
        return compare(
            "patient",
            lambda: page("ours", "registry:patient"),
            lambda: page("base", "bench_patient"),
            goal=GOAL,
            rounds=200,
            facts={"people": len(uuids), "shown": sorted(mine)},
        )
