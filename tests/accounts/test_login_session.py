"""The session of a login: a new id each time, two clocks, and every way it ends."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.middleware_sessions import POLLED
from accounts.models import LoginSession, LoginThrottle
from config.tasks import clear_sessions

pytestmark = pytest.mark.usefixtures("noon")


def test_login_changes_the_session_id_twice(worker, visitor):
    visitor.get("/login/")
    visitor.give_password("worker")
    between = visitor.client.cookies["sessionid"].value
    visitor.give_code()
    after = visitor.client.cookies["sessionid"].value
    assert between != after
    assert not LoginSession.objects.filter(session_key=between).exists()


def test_a_planted_session_is_not_taken_over(worker, visitor):
    visitor.client.cookies["sessionid"] = "plantedplantedplantedplantedplan"
    visitor.log_in(worker)
    assert visitor.client.cookies["sessionid"].value != "plantedplantedplantedplantedplan"


def test_the_session_row_knows_its_owner_and_keeps_its_name(worker, visitor, noon):
    visitor.log_in(worker)
    row = LoginSession.objects.get(user=worker)
    noon.shift(timedelta(minutes=5))
    visitor.get("/me/")
    again = LoginSession.objects.get(user=worker)
    assert (again.uuid, again.address) == (row.uuid, "192.0.2.10")
    assert again.seen_at - row.seen_at == timedelta(minutes=5)


@pytest.mark.parametrize(
    ("wait", "inside"),
    [
        pytest.param(timedelta(minutes=14, seconds=59), True, id="just-inside"),
        pytest.param(timedelta(minutes=15), False, id="fifteen-minutes"),
    ],
)
def test_idle_ends_the_login(wait, inside, worker, visitor, noon):
    visitor.log_in(worker)
    noon.shift(wait)
    assert visitor.is_in() is inside


@pytest.mark.parametrize("name", sorted(POLLED))
def test_what_a_page_asks_by_itself_keeps_nobody_logged_in(name, worker, visitor, noon):
    visitor.log_in(worker)
    noon.shift(timedelta(minutes=14))
    visitor.get(reverse(name, args=[uuid4()] if name == "reports:report_one" else []))
    noon.shift(timedelta(minutes=2))
    assert visitor.is_in() is False


def test_after_idle_the_login_page_says_why_once(worker, visitor, noon):
    visitor.log_in(worker)
    noon.shift(timedelta(minutes=16))
    to_login = visitor.get("/me/")
    assert "没有操作" in visitor.get(to_login.url).content.decode()
    assert "没有操作" not in visitor.get(to_login.url).content.decode()


def test_eight_hours_end_even_a_busy_login(worker, visitor, noon):
    visitor.log_in(worker)
    for _ in range(34):
        noon.shift(timedelta(minutes=14))
        assert visitor.is_in()
    noon.shift(timedelta(minutes=4))  # 34 × 14 + 4 = 480
    assert not visitor.is_in()


def test_disabling_acts_on_the_next_request(worker, visitor):
    visitor.log_in(worker)
    type(worker).objects.filter(pk=worker.pk).update(is_active=False)
    assert not visitor.is_in()


def test_the_end_of_an_assignment_acts_on_the_next_request(worker, visitor):
    visitor.log_in(worker)
    worker.assignments.update(ends_on=timezone.localdate())
    assert visitor.get("/me/").status_code == 200, "the last day counts"
    worker.assignments.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert visitor.get("/me/").status_code == 403


def test_a_role_dies_at_midnight_of_its_last_day(worker, visitor, noon):
    noon.move_to("2026-12-07T15:55:00Z")  # 23:55 in Shanghai
    worker.assignments.update(ends_on="2026-12-07")
    visitor.log_in(worker)
    assert visitor.get("/me/").status_code == 200
    noon.move_to("2026-12-07T16:00:00Z")
    assert visitor.get("/me/").status_code == 403


def test_logout_clears_the_browser(worker, visitor):
    visitor.log_in(worker)
    answer = visitor.post("/logout/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert not visitor.is_in()
    assert LoginSession.objects.filter(user=worker).count() == 0


def test_logout_wants_a_post(worker, visitor):
    visitor.log_in(worker)
    assert visitor.get("/logout/").status_code == 405
    assert visitor.is_in()


@pytest.mark.parametrize(
    ("wanted", "lands"),
    [
        pytest.param("/me/", "/me/", id="own-page"),
        pytest.param("//evil.example/me/", "/", id="other-host-without-scheme"),
        pytest.param("https://evil.example/", "/", id="other-host"),
        pytest.param("http:///evil.example", "/", id="three-slashes"),
        pytest.param("javascript:alert(1)", "/", id="script"),
        pytest.param("/\\evil.example", "/", id="backslash"),
        pytest.param("\n//evil.example", "/", id="line-break"),
    ],
)
def test_onward_stays_on_this_host(wanted, lands, worker, visitor):
    assert visitor.log_in(worker, next=wanted).url == lands


def test_no_page_is_kept_by_the_browser(worker, visitor):
    visitor.log_in(worker)
    for page in ("/login/", "/me/", "/accounts/", "/no/such/page/"):
        assert "no-store" in visitor.get(page).headers["Cache-Control"], page


def test_the_nightly_task_forgets_old_failures_and_sessions(worker, visitor, noon):
    visitor.give_password("nobody", "wrong-Password-1")
    visitor.log_in(worker)
    noon.shift(timedelta(hours=48, seconds=1))
    clear_sessions()
    assert (LoginThrottle.objects.count(), LoginSession.objects.count()) == (0, 0)
