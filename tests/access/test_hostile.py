"""Hostile input: whatever stands in an address, a form or a body, the answer is a refusal in words, never a 5xx."""

from base64 import b64encode
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.access.world import AccessWorld

EARLY, LATE, NO_DAY = "0001-01-01", "9999-12-31", "99999999999-1-1"
DAYS = (EARLY, LATE, NO_DAY, "0000-00-00")
NUL = "\x00"
HUGE = "9" * 5_000
LONG = "好" * 10_000
TEXTS = (NUL, HUGE, LONG, "١", "-1", "' OR 1=1 --")


def cursor(position: str) -> str:
    return b64encode(f"p={position}".encode()).decode()


class Asked:
    """A client that remembers what ended in an error of ours."""

    def __init__(self, client: Client) -> None:
        self.client, self.failed, self.number = client, [], 0

    def get(self, name: str, *arguments: object, **query: str) -> None:
        self._note(self.client.get(reverse(name, args=arguments), query), name, query)

    def post(self, page: str, *arguments: object, **body: Any) -> None:
        self._note(self.client.post(reverse(page, args=arguments), body), page, body)

    def send(self, name: str, *arguments: object, body: Any) -> None:
        answer = self.client.post(reverse(name, args=arguments), body, content_type="application/json")
        self._note(answer, name, body)

    def _note(self, answer: Any, name: str, said: Any) -> None:
        self.number += 1
        if answer.status_code >= 500:
            self.failed.append((name, str(said)[:60]))


def test_queries(world: AccessWorld) -> None:
    asked = Asked(world.client("county_office"))
    for text in TEXTS:
        asked.get("registry:patients", page=text, status=text, level=text, place=text)
        asked.get("followup:worklist", page=text, show=text, village=text)
        asked.get("exchange:sent", page=text, show=text)
        asked.get("reports:dashboard", area=text)
        asked.get("reports:people", "managed", page=text, side=text, need=text)
        asked.get("reports:live", "overdue", page=text, group=text)
        asked.get("reports:report", page=text, code=text)
        asked.get("accounts:calendar", year=text)
        asked.get("api:indicators", area=text)
        asked.get("api:indicators", by=text)
    for day in DAYS:
        asked.get("reports:dashboard", as_of=day)
        asked.get("reports:indicator", "standard_managed", as_of=day)
        asked.get("api:indicators", as_of=day)
    patient = world.uuids["own_village"]
    for place in (*TEXTS, EARLY, "1e5", "1" * 30):
        asked.get("api:patients", cursor=cursor(place))
        asked.get("api:patient_visits", patient, cursor=cursor(place))
        asked.get("api:patients", cursor=place)
        asked.get("api:worklist", cursor=place)
    assert (asked.failed, asked.number) == ([], 6 * 10 + 4 * 3 + 9 * 4)


def test_search_and_forms(world: AccessWorld) -> None:
    asked = Asked(world.client("township_worker"))
    patient = world.uuids["own_village"]
    for text in TEXTS:
        asked.post("registry:search", q=text)
        asked.post("registry:reveal", patient, what=text, purpose=text)
        asked.post("followup:missed", patient, reason=text, form_id=text)
        asked.post("followup:visit_judge", patient, root=text, visited_on=text, level=text, drug1_name=text)
        asked.post("followup:visit_new", patient, form_id=text, visited_on=text, basis=text, minor_trouble=text)
    today = timezone.localdate().isoformat()
    for day in DAYS:
        asked.post("followup:visit_judge", patient, visited_on=day, form="2", level="1", next_due_on=day)
        asked.post("followup:visit_judge", patient, visited_on=today, form="2", hospital="2", discharged_on=day)
        asked.post("followup:visit_new", patient, visited_on=day, form="2", level="1", seen="1", died_on=day)
        asked.post("registry:patient_status", patient, value="away", on=day)
        asked.post("registry:transfer_new", patient, to=day, outside=day, reason="moved", words=day)
        asked.post("registry:patient_close", patient, value="excluded", on=day, reason="试")
        asked.post("registry:patient_new", name="试", no_id_reason="试", birth_on=day, opened_on=day, diagnosed_on=day)
    assert (asked.failed, asked.number) == ([], 6 * 5 + 4 * 7)


def test_bodies_of_the_interface(world: AccessWorld) -> None:
    asked = Asked(world.client("township_worker"))
    patient = world.uuids["own_village"]
    for body in (None, [], "x", 1, {"name": {"a": 1}}, {"seen": "12"}, {"seen": {}}, {"drugs": [1]}, {"colour": 1}):
        asked.send("api:patients", body=body)
        asked.send("api:patient_visits", patient, body=body)
    wrong: Any
    for wrong in (["1"], {"a": 1}, True, 10**30, 1e308, "\ud800", NUL, LONG, -1, 0.5):
        asked.send(
            "api:patient_visits", patient, body={"visited_on": wrong, "form": "2", "level": wrong, "insight": wrong}
        )
        asked.send("api:patients", body=dict.fromkeys(("name", "id_number", "phone", "sex", "past_admissions"), wrong))
    for day in DAYS:
        asked.send("api:patient_visits", patient, body={"visited_on": day, "form": "2", "seen": ["1"], "level": 1})
    for text in ("[" * 100_000, '{"name": "\\ud800"}', "NaN", "1e999", '{"name": 1e999}', "{"):
        asked.send("api:patients", body=text)
    assert (asked.failed, asked.number) == ([], 9 * 2 + 10 * 2 + 4 + 6)


def test_an_offices_answers(world: AccessWorld) -> None:
    asked = Asked(world.client("township_police"))
    case = world.case_for("township_police", "alerted")
    said = {"met": "patient", "actions": ["joint_visit"], "result": "calm"}
    for moment in ("0001-01-01 00:00", "9999-12-31 23:59", *TEXTS):
        asked.post("exchange:feedback", case, form_id="00000000-0000-4000-8000-000000000001", met_at=moment, **said)
        asked.get("exchange:inbox_new", open=moment, state=moment)
    for moment in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", 1, [], {}):
        asked.send("api:alert_feedback", case, body={**said, "met_at": moment})
    asked.get("exchange:inbox")
    asked.get("api:alerts", cursor=cursor("abc"))
    asked.client = world.client("township_worker")
    asked.get("exchange:patient_tab", world.uuids["alerted"])
    assert (asked.failed, asked.number) == ([], 8 * 2 + 6 + 3)
