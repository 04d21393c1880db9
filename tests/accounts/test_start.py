"""The first login: one-time code, own password, authenticator, backup codes."""

from datetime import timedelta

import pytest

from accounts.models import BackupCode, OneTimeCode, TotpDevice, User
from accounts.services.accounts import reset_login
from accounts.services.login import WRONG_ONE_TIME_CODE
from tests.accounts.conftest import code_now
from tests.factories import PASSWORD

NEW = "thyme-Lantern-92"


pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def newcomer(world, admin):
    """A person whose login an administrator has just reset, phone included; `code` is what was read out to them."""
    user = world.police
    user.code = reset_login(user=user, forget_phone=True, by=admin)
    return user


def give_one_time_code(visitor, username, code):
    return visitor.post("/login/first/", {"username": username, "code": code})


def set_password(visitor, new=NEW, again=None):
    return visitor.post("/login/password/", {"new_password": new, "again": again or new})


def test_code_password_phone_in_order(newcomer, visitor):
    assert give_one_time_code(visitor, "police", newcomer.code.lower()).url == "/login/password/"
    assert set_password(visitor).url == "/login/authenticator/"
    page = visitor.get("/login/authenticator/")
    secret = TotpDevice.objects.get(user=newcomer).secret
    assert page.context["secret"].replace(" ", "") != ""
    answer = visitor.post("/login/authenticator/", {"code": code_now(secret=secret)})
    codes = answer.context["codes"]
    assert len(set(codes)) == 10
    assert BackupCode.objects.filter(user=newcomer, used_at=None).count() == 10
    assert visitor.get("/me/").status_code == 200


def test_the_new_password_and_phone_are_what_counts_next_time(newcomer, visitor, another_browser, noon):
    give_one_time_code(visitor, "police", newcomer.code)
    set_password(visitor)
    visitor.get("/login/authenticator/")
    secret = TotpDevice.objects.get(user=newcomer).secret
    visitor.post("/login/authenticator/", {"code": code_now(secret=secret)})
    noon.shift(timedelta(seconds=30))
    second = another_browser()
    assert second.give_password("police").status_code == 200, "the old password is gone"
    assert second.give_password("police", NEW).url == "/login/code/"
    assert second.give_code(code_now(secret=secret)).url == "/"


def test_the_code_works_once(newcomer, visitor, another_browser):
    give_one_time_code(visitor, "police", newcomer.code)
    set_password(visitor)
    answer = give_one_time_code(another_browser(), "police", newcomer.code)
    assert [str(e) for e in answer.context["form"].non_field_errors()] == [WRONG_ONE_TIME_CODE]


def test_of_two_browsers_with_one_code_the_first_sets_the_password(newcomer, visitor, another_browser):
    second = another_browser()
    give_one_time_code(visitor, "police", newcomer.code)
    give_one_time_code(second, "police", newcomer.code)
    set_password(visitor)
    late = set_password(second, "another-Garden-77")
    assert late.status_code == 302
    assert late.url == "/login/first/"
    assert User.objects.get(username="police").check_password(NEW)


@pytest.mark.parametrize(
    ("wait", "works"),
    [
        pytest.param(timedelta(hours=23, minutes=59, seconds=59), True, id="just-inside"),
        pytest.param(timedelta(hours=24), False, id="a-day"),
    ],
)
def test_the_code_holds_a_day(wait, works, newcomer, visitor, noon):
    noon.shift(wait)
    assert (give_one_time_code(visitor, "police", newcomer.code).status_code == 302) is works


def test_another_name_with_the_code_is_refused(newcomer, worker, visitor):
    assert give_one_time_code(visitor, "worker", newcomer.code).status_code == 200


def test_guessing_one_time_codes_is_held_back(newcomer, visitor):
    for n in range(5):
        give_one_time_code(visitor, "police", f"WRNG-WRNG-WRN{n}")
    assert give_one_time_code(visitor, "police", newcomer.code).status_code == 200


def test_a_newer_code_replaces_the_older(newcomer, admin, visitor):
    newer = reset_login(user=newcomer, forget_phone=True, by=admin)
    assert give_one_time_code(visitor, "police", newcomer.code).status_code == 200
    assert give_one_time_code(visitor, "police", newer).url == "/login/password/"


def test_the_code_is_kept_as_a_digest(newcomer):
    row = OneTimeCode.objects.get(user=newcomer)
    assert newcomer.code.replace("-", "").encode() not in bytes(row.digest)
    assert len(bytes(row.digest)) == 32


@pytest.mark.parametrize(
    ("new", "again", "field", "begins"),
    [
        pytest.param("short-Pw-9", "short-Pw-9", "new_password", "密码至少要 12 个字符", id="short"),
        pytest.param("P@ssw0rd12345", "P@ssw0rd12345", "new_password", "这个密码太常见", id="known"),
        pytest.param(NEW, NEW + "x", "again", "两次输入的密码不一样", id="mistyped"),
    ],
)
def test_a_bad_new_password_is_refused_in_words(new, again, field, begins, newcomer, visitor):
    give_one_time_code(visitor, "police", newcomer.code)
    errors = set_password(visitor, new, again).context["form"].errors
    assert list(errors) == [field]
    assert errors[field][0].startswith(begins)


def test_the_password_page_needs_the_code(newcomer, worker, visitor):
    assert visitor.get("/login/password/").url == "/login/first/"
    visitor.give_password("worker")
    assert visitor.get("/login/password/").url == "/login/first/", "a password is no one-time code"


def test_the_picture_is_for_the_person_enrolling_only(newcomer, worker, visitor):
    assert visitor.get("/login/authenticator/picture/").status_code == 404
    give_one_time_code(visitor, "police", newcomer.code)
    assert visitor.get("/login/authenticator/picture/").status_code == 404, "not before the password is set"
    set_password(visitor)
    picture = visitor.get("/login/authenticator/picture/")
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/svg+xml")
    assert picture.content.startswith(b"<?xml")
    assert "no-store" in picture["Cache-Control"]


def test_a_secret_shown_and_not_proven_is_not_shown_again(newcomer, visitor):
    """Who looked over the shoulder, and left, has nothing once the person opens the page anew."""
    give_one_time_code(visitor, "police", newcomer.code)
    set_password(visitor)
    first, second = (visitor.get("/login/authenticator/").context["secret"] for _ in range(2))
    assert first != second
    wrong = visitor.post("/login/authenticator/", {"code": "000000"})
    assert wrong.context["secret"] == second, "a mistyped code does not undo the picture just taken"


def test_whoever_has_a_phone_cannot_enrol_another_one(worker, visitor):
    visitor.give_password("worker")
    assert visitor.get("/login/authenticator/").url == "/login/"
    assert visitor.post("/login/authenticator/", {"code": code_now()}).url == "/login/"


def test_a_wrong_first_code_leaves_the_phone_unbound(newcomer, visitor):
    give_one_time_code(visitor, "police", newcomer.code)
    set_password(visitor)
    visitor.get("/login/authenticator/")
    assert "验证码不对" in visitor.post("/login/authenticator/", {"code": "000000"}).content.decode()
    assert TotpDevice.objects.get(user=newcomer).confirmed is False


def test_a_reset_without_the_phone_keeps_it(worker, admin, visitor):
    code = reset_login(user=worker, forget_phone=False, by=admin)
    give_one_time_code(visitor, "worker", code)
    assert set_password(visitor).url == "/login/code/"


def test_a_reset_ends_running_logins(worker, admin, visitor):
    visitor.log_in(worker)
    reset_login(user=worker, forget_phone=False, by=admin)
    assert visitor.get("/me/").status_code == 302


def test_the_administrator_never_learns_the_password(newcomer):
    assert newcomer.has_usable_password() is False
    assert newcomer.check_password(PASSWORD) is False
