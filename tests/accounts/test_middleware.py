"""One transaction and one access row around a request; nothing is served without a mark."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from accounts.models import CalendarDay, User
from accounts.queries.access import who_saw
from tests.accounts.pages_for_middleware import SEEN
from tests.conftest import World

pytestmark = pytest.mark.urls("tests.accounts.pages_for_middleware")
Enter = Callable[[User], Any]


def test_a_view_without_a_mark_is_not_served(world: World, log_in: Enter) -> None:
    with pytest.raises(RuntimeError, match="neither @requires nor @public"):
        log_in(world.worker).get("/middle/unmarked/")


def test_without_a_login_one_is_sent_to_it_and_back(world: World, client: Any) -> None:
    answer = client.get("/middle/who/?a=1")
    assert answer.status_code == 302
    assert answer["Location"].endswith("?next=%2Fmiddle%2Fwho%2F%3Fa%3D1")
    assert client.get("/middle/open/").content == b"open"


@pytest.mark.parametrize(
    ("member", "role"), (("worker", b"app"), ("commission", b"app"), ("police", b"app_partner"), ("auditor", b"app"))
)
def test_a_partner_s_request_runs_as_the_partner_s_database_role(
    world: World, log_in: Enter, member: str, role: bytes
) -> None:
    assert log_in(getattr(world, member)).get("/middle/who/").content == role


def test_a_look_leaves_its_row_with_person_and_purpose(world: World, log_in: Enter) -> None:
    log_in(world.worker).get("/middle/person/")
    (row,) = who_saw(UUID(SEEN))
    assert (row.actor_name, row.role, row.purpose, row.route) == (
        world.worker.display_name,
        "township_worker",
        "list",
        "middle:person",
    )


def test_a_polled_fragment_that_carried_nobody_leaves_no_row_but_one_with_a_person_does(
    world: World, log_in: Enter, django_assert_num_queries: Any
) -> None:
    log_in(world.worker).get("/middle/person/", headers={"HX-Request": "true"})
    assert len(who_saw(UUID(SEEN))) == 1


@pytest.mark.django_db(transaction=True)
def test_a_5xx_answer_is_undone_and_says_nothing_of_persons(world: World, log_in: Enter) -> None:
    client = log_in(world.worker)
    assert client.get("/middle/broken/").status_code == 503
    client.raise_request_exception = False
    assert client.get("/middle/crashing/").status_code == 500
    assert not CalendarDay.objects.exists()
    assert who_saw(UUID(SEEN)) == []


def test_a_refusal_is_a_page_with_a_sentence_and_the_request_number(world: World, log_in: Enter) -> None:
    answer = log_in(world.worker).get("/middle/nowhere/")
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()


def test_a_stream_without_a_scope_of_its_own_is_refused(world: World, log_in: Enter) -> None:
    with pytest.raises(RuntimeError, match=r"must open scope\(\)"):
        log_in(world.worker).get("/middle/streamed/")
