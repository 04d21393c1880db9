"""The account's own page, password change and age, step-up."""

from datetime import date, timedelta

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.test import RequestFactory
from django.utils import timezone

from accounts.doors import requires
from accounts.models import ApiToken, BackupCode, LoginSession, User
from accounts.services.tokens import create_token
from accounts.terms import Permission
from tests.accounts.conftest import code_now
from tests.factories import PASSWORD

NEW = "thyme-Lantern-92"


pytestmark = pytest.mark.usefixtures("noon")


def change(visitor, old=PASSWORD, new=NEW):
    return visitor.post("/me/password/", {"old_password": old, "new_password": new, "again": new})


def grow_old(user, days, seconds=0):
    User.objects.filter(pk=user.pk).update(password_changed_at=timezone.now() - timedelta(days=days, seconds=seconds))


def test_changing_the_password_keeps_here_and_ends_elsewhere(worker, visitor, another_browser, noon):
    visitor.log_in(worker)
    noon.shift(timedelta(seconds=30))
    elsewhere = another_browser()
    elsewhere.log_in(worker)
    before = visitor.client.cookies["sessionid"].value
    assert change(visitor).url == "/me/"
    assert visitor.client.cookies["sessionid"].value != before
    assert visitor.get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 302
    assert User.objects.get(pk=worker.pk).password_changed_at == timezone.now()


def test_the_old_password_must_be_right(worker, visitor):
    visitor.log_in(worker)
    assert "old_password" in change(visitor, old="wrong-Password-1").context["form"].errors
    assert User.objects.get(pk=worker.pk).check_password(PASSWORD)


def test_guessing_the_old_password_is_held_back(worker, visitor):
    visitor.log_in(worker)
    for _ in range(5):
        change(visitor, old="wrong-Password-1")
    assert "old_password" in change(visitor).context["form"].errors


def test_the_same_password_again_is_refused(worker, visitor):
    worker.set_password(NEW)
    worker.save()
    visitor.give_password("worker", NEW)
    visitor.give_code()
    errors = change(visitor, old=NEW, new=NEW).context["form"].errors
    assert errors["new_password"] == ["新密码不能和现在的密码一样。"]


@pytest.mark.parametrize(("days", "seconds", "lands"), [(90, 0, 200), (90, 1, 302), (91, 0, 302)])
def test_an_expired_password_reaches_only_the_change_page(days, seconds, lands, worker, visitor):
    grow_old(worker, days, seconds)
    visitor.log_in(worker)
    answer = visitor.get("/me/")
    assert answer.status_code == lands
    if lands == 302:
        assert answer.url == "/me/password/"
        assert visitor.get("/accounts/").url == "/me/password/"
        assert visitor.get("/me/step-up/").url == "/me/password/"
        assert "密码已到期" in visitor.get("/me/password/").content.decode()
        change(visitor)
        assert visitor.get("/me/").status_code == 200


def test_an_expired_password_may_still_leave(worker, visitor):
    grow_old(worker, 91)
    visitor.log_in(worker)
    assert visitor.post("/logout/").url == "/login/"


def test_own_page_shows_own_things_only(worker, world, admin, visitor, another_browser, noon):
    create_token(user=worker, name="夜间对账", days=5, by=None)
    create_token(user=admin, name="别人的令牌", days=5, by=None)
    another_browser("203.0.113.9").log_in(admin)
    visitor.log_in(worker)
    page = visitor.get("/me/").content.decode()
    assert "夜间对账" in page
    assert "别人的令牌" not in page
    assert "203.0.113.9" not in page
    assert page.count("就是这里") == 1


def test_another_login_of_mine_can_be_ended(worker, visitor, another_browser, noon):
    visitor.log_in(worker)
    noon.shift(timedelta(seconds=30))
    elsewhere = another_browser("203.0.113.9")
    elsewhere.log_in(worker)
    row = LoginSession.objects.get(user=worker, address="203.0.113.9")
    visitor.post(f"/me/sessions/{row.uuid}/end/")
    assert elsewhere.get("/me/").status_code == 302
    assert visitor.get("/me/").status_code == 200


def test_another_persons_login_is_not_mine_to_end(worker, admin, visitor, another_browser):
    another_browser().log_in(admin)
    visitor.log_in(worker)
    row = LoginSession.objects.get(user=admin)
    assert visitor.post(f"/me/sessions/{row.uuid}/end/").status_code == 404
    assert LoginSession.objects.filter(pk=row.pk).exists()


def test_a_token_of_mine_can_be_revoked_and_anothers_not(worker, admin, visitor):
    create_token(user=worker, name="夜间对账", days=5, by=None)
    create_token(user=admin, name="别人的", days=5, by=None)
    visitor.log_in(worker)
    own, foreign = ApiToken.objects.get(user=worker), ApiToken.objects.get(user=admin)
    visitor.post(f"/me/tokens/{own.uuid}/revoke/")
    assert visitor.post(f"/me/tokens/{foreign.uuid}/revoke/").status_code == 404
    own.refresh_from_db()
    foreign.refresh_from_db()
    assert (own.revoked_at, foreign.revoked_at) == (timezone.now(), None)


def test_who_has_no_post_any_more_reads_so_and_can_leave(worker, visitor):
    visitor.log_in(worker)
    worker.assignments.update(starts_on=date(2020, 1, 1), ends_on=date(2020, 1, 2))
    answer = visitor.client.get("/", follow=True)
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "现在没有在期的任职" in page
    assert "回到首页" not in page  # that is where one came from
    assert visitor.post("/logout/").status_code == 302


# --- step-up --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wait", "asked"),
    [
        pytest.param(timedelta(minutes=9, seconds=59), False, id="just-inside"),
        pytest.param(timedelta(minutes=10), True, id="ten-minutes-after-login"),
    ],
)
def test_step_up_is_asked_ten_minutes_after_the_last_proof(wait, asked, worker, visitor, noon):
    visitor.log_in(worker)
    noon.shift(wait)
    answer = visitor.get("/me/backup-codes/")
    assert (answer.status_code == 302) is asked
    if asked:
        assert answer.url == "/me/step-up/?next=%2Fme%2Fbackup-codes%2F"


def test_step_up_takes_password_and_code_and_leads_back(worker, visitor, noon):
    visitor.log_in(worker)
    noon.shift(timedelta(minutes=11))
    before = visitor.client.cookies["sessionid"].value
    answer = visitor.post("/me/step-up/", {"password": PASSWORD, "code": code_now(), "next": "/me/backup-codes/"})
    assert answer.url == "/me/backup-codes/"
    assert visitor.client.cookies["sessionid"].value != before
    assert visitor.get("/me/backup-codes/").status_code == 200


@pytest.mark.parametrize(("password", "code"), [("wrong-Password-1", None), (PASSWORD, "000000")])
def test_step_up_wants_both(password, code, worker, visitor, noon):
    visitor.log_in(worker)
    noon.shift(timedelta(minutes=11))
    visitor.post("/me/step-up/", {"password": password, "code": code or code_now()})
    assert visitor.get("/me/backup-codes/").status_code == 302


def test_step_up_never_leads_off_the_site(worker, visitor, noon):
    visitor.log_in(worker)
    noon.shift(timedelta(minutes=11))
    answer = visitor.post("/me/step-up/", {"password": PASSWORD, "code": code_now(), "next": "//evil.example/"})
    assert answer.url == "/me/"


@pytest.mark.parametrize(
    ("referer", "address"),
    [
        pytest.param("http://testserver/me/?all=1", "/me/step-up/?next=%2Fme%2F%3Fall%3D1", id="its-page"),
        pytest.param("http://evil.example/me/", "/me/step-up/", id="another-site"),
        pytest.param("", "/me/step-up/", id="not-named"),
    ],
)
def test_a_button_that_asks_for_a_proof_leads_back_to_its_page(referer, address, worker, visitor, noon):
    visitor.log_in(worker)
    request = RequestFactory().post("/act/", headers={"Referer": referer})
    request.user, request.session = worker, visitor.client.session
    request._messages = FallbackStorage(request)
    noon.shift(timedelta(minutes=11))
    act = requires(Permission.SEE_OWN_PAGE, step_up=True)(lambda request: None)
    assert act(request).url == address
    assert "请再按一次" in str(next(iter(request._messages)))


def test_new_backup_codes_replace_the_old(worker, visitor):
    BackupCode.objects.create(user=worker, digest=b"x" * 32)
    visitor.log_in(worker)
    codes = visitor.post("/me/backup-codes/").context["codes"]
    assert len(codes) == 10
    assert not BackupCode.objects.filter(digest=b"x" * 32).exists()
