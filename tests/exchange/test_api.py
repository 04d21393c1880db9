"""alerts/ of the HTTP API, for the receiving office."""

from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.scope import scope
from exchange.models import Feedback
from tests.exchange.conftest import cases_of, deliver, ledger, save
from tests.exchange.test_raising import POLICE_A

pytestmark = pytest.mark.django_db
BASE = "/api/v1/alerts/"


@pytest.fixture
def raised(world):
    patient = world.patient()
    save(world.worker, patient, 4)
    deliver()
    return patient


def posted(client, case, what, said=None):
    return client.post(f"{BASE}{case.uuid}/{what}/", said or {}, content_type="application/json")


def answered(**more):
    plain = {
        "met": "family", "met_at": timezone.localtime().isoformat(), "actions": ["guardian"], "result": "calm",
        "form_id": str(uuid4()),
    }  # fmt: skip
    return {**plain, **more}


def test_the_list_holds_the_offices_cases_without_content_before_signing(world, log_in, raised):
    case = cases_of(raised)[POLICE_A]
    (found,) = log_in(world.police).get(BASE).json()["results"]
    assert set(found) == {
        "uuid", "number", "status", "level", "area", "opened_at", "delivered_at", "seen_at", "acknowledged_at",
        "answered_at", "closed_at", "waiting", "content", "disputed",
    }  # fmt: skip
    told = [found[name] for name in ("uuid", "number", "status", "level", "waiting", "acknowledged_at", "content")]
    assert told == [str(case.uuid), case.number, "preliminary", 4, 1, None, None]


def test_signing_answers_the_content_and_opens_it_in_the_list(world, log_in, raised):
    client, case = log_in(world.police), cases_of(raised)[POLICE_A]
    found = posted(client, case, "acknowledge").json()
    assert (found["waiting"], found["content"]["name"], found["content"]["guardian_phone"]) == (
        0, "试验患者", "19900000002",
    )  # fmt: skip
    assert client.get(BASE).json()["results"][0]["content"]["name"] == "试验患者"
    assert [line.act for line in ledger(raised) if line.actor == world.police.uuid] == ["opened", "opened"]


def test_a_political_legal_office_has_no_guardians_phone_and_no_door(world, log_in, raised):
    client = log_in(world.political_legal)
    (case,) = client.get(BASE).json()["results"]
    content = client.post(f"{BASE}{case['uuid']}/acknowledge/").json()["content"]
    assert ("guardian_phone" in content, content["address"]) == (False, "东街道东一社区3组")


def test_feedback_is_saved_once(world, log_in, raised):
    client, case = log_in(world.police), cases_of(raised)[POLICE_A]
    posted(client, case, "acknowledge")
    said = answered(note="已联系")
    assert [posted(client, case, "feedback", said).status_code for _ in range(2)] == [201, 200]
    with scope(world.worker):
        assert Feedback.objects.get().note == "已联系"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"met": "someone"}, "met"),
        ({"met_at": "2999-01-01T08:00:00+08:00"}, "met_at"),
        ({"met_at": "昨天"}, "met_at"),
        ({"actions": []}, "actions"),
        ({"result": None}, "result"),
        ({"note": "长" * 501}, "note"),
        ({"note": "a\x0bb"}, "note"),
        ({"met_at": "0001-01-01T08:00:00+08:00"}, "met_at"),
        ({"level": 1}, "level"),
    ],
)
def test_a_wrong_answer_names_the_field(world, log_in, raised, more, field):
    client, case = log_in(world.police), cases_of(raised)[POLICE_A]
    posted(client, case, "acknowledge")
    answer = posted(client, case, "feedback", answered(**more))
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


def test_an_answer_before_signing_is_a_conflict(world, log_in, raised):
    answer = posted(log_in(world.police), cases_of(raised)[POLICE_A], "feedback", answered())
    assert (answer.status_code, answer.json()["code"]) == (409, "not_open")


def test_after_closing_number_and_dates_are_left(world, log_in, raised):
    client, case = log_in(world.police), cases_of(raised)[POLICE_A]
    posted(client, case, "acknowledge")
    save(world.worker, raised, 0)
    (found,) = client.get(BASE).json()["results"]
    assert [found[name] for name in ("number", "status", "level", "area", "content")] == [
        case.number, "closed", None, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize("what", ["acknowledge", "feedback"])
def test_another_offices_case_and_none_are_one_answer(world, log_in, raised, what):
    client, case = log_in(world.police_b), cases_of(raised)[POLICE_A]
    theirs = posted(client, case, what, answered() if what == "feedback" else None)
    case.uuid = uuid4()
    nothing = posted(client, case, what, answered() if what == "feedback" else None)
    assert (theirs.status_code, theirs.json()) == (nothing.status_code, nothing.json())
    assert theirs.status_code == 404


@pytest.mark.parametrize("who", ["worker", "psychiatrist", "commission"])
def test_a_health_role_has_no_alerts_here(world, log_in, raised, who):
    assert log_in(getattr(world, who)).get(BASE).status_code == 403


def test_a_token_of_the_office_reads_the_same(world, client, raised):
    from accounts.services.tokens import create_token

    made = create_token(user=world.police, name="接口", days=30, by=world.police)
    secret = made if isinstance(made, str) else made[0]
    answer = client.get(BASE, headers={"Authorization": f"Bearer {secret}"})
    assert [found["number"] for found in answer.json()["results"]] == [cases_of(raised)[POLICE_A].number]
