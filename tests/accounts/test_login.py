"""Logging in: password, then code, then in; every failure looks the same."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from django.contrib.auth import hashers
from django.test import Client
from django.utils import timezone

from accounts.models import BackupCode, LoginThrottle, TotpDevice
from accounts.services.codes import code_digest
from accounts.services.login import SAME_ANSWER
from tests.accounts import trail
from tests.accounts.conftest import Browser, code_now, give_phone
from tests.factories import PASSWORD

pytestmark = pytest.mark.usefixtures("noon")


def test_password_and_code_let_in(worker, visitor):
    first = visitor.give_password("worker")
    assert (first.status_code, first.url) == (302, "/login/code/")
    assert not visitor.is_in()
    second = visitor.give_code()
    assert (second.status_code, second.url) == (302, "/")
    assert visitor.is_in()


def test_the_password_alone_opens_no_page(worker, visitor):
    visitor.give_password("worker")
    answer = visitor.get("/me/")
    assert (answer.status_code, answer.url) == (302, "/login/?next=%2Fme%2F")


def test_the_code_page_without_a_password_leads_back(worker, visitor):
    assert visitor.give_code().url == "/login/"


def test_a_login_under_way_lapses_after_ten_minutes(worker, visitor, noon):
    visitor.give_password("worker")
    noon.shift(timedelta(minutes=10))
    assert visitor.give_code().url == "/login/"


def test_username_is_forgiving(worker, visitor):
    assert visitor.give_password(" Ｗorker ").url == "/login/code/"


def _unknown(world):
    return "nobody", PASSWORD


def _wrong(world):
    return "worker", "not-the-Password-1"


def _disabled(world):
    world.worker.is_active = False
    world.worker.save()
    return "worker", PASSWORD


def _out_of_office(world):
    world.worker.assignments.update(ends_on=timezone.localdate() - timedelta(days=1))
    return "worker", PASSWORD


def _held_back(world):
    for _ in range(5):
        Browser(Client()).give_password("worker", "not-the-Password-1")
    return "worker", PASSWORD


def _no_password_yet(world):
    world.worker.set_unusable_password()
    world.worker.save()
    return "worker", PASSWORD


@pytest.mark.parametrize("case", [_unknown, _wrong, _disabled, _out_of_office, _held_back, _no_password_yet])
def test_every_failure_is_one_answer_and_one_hasher_call(case, world, worker, visitor, monkeypatch):
    username, password = case(world)
    calls = counted_hashing(monkeypatch)
    answer = visitor.give_password(username, password)
    assert answer.status_code == 200
    assert len(calls) == 1
    assert [str(error) for error in answer.context["form"].non_field_errors()] == [SAME_ANSWER]
    other = Browser(Client()).give_password("somebody-else", "x")
    assert same_part(answer) == same_part(other)


def counted_hashing(monkeypatch):
    """The outermost calls of the hasher, however it is asked (checking calls encode inside)."""
    calls, depth = [], [0]
    kind = type(hashers.get_hasher("default"))

    def counting(name):
        plain = getattr(kind, name)

        def counted(self, *args, **kwargs):
            calls.extend([name] if not depth[0] else [])
            depth[0] += 1
            try:
                return plain(self, *args, **kwargs)
            finally:
                depth[0] -= 1

        return counted

    for name in ("encode", "verify"):
        monkeypatch.setattr(kind, name, counting(name))
    return calls


def same_part(answer):
    """Everything but what was typed and the form's token."""
    return re.sub(r'(name="csrfmiddlewaretoken"|name="username") value="[^"]+"', "", answer.content.decode())


def test_argon2_is_what_production_uses(settings):
    from config.settings import base

    assert base.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    encoded = hashers.make_password("thyme-Lantern-9")
    assert encoded.startswith("argon2$argon2id$")
    assert hashers.check_password("thyme-Lantern-9", encoded)


# --- the code -------------------------------------------------------------------------------------------------------


def test_a_code_works_once(worker, visitor, another_browser):
    visitor.log_in(worker)
    second = another_browser()
    second.give_password("worker")
    answer = second.give_code()
    assert answer.status_code == 200
    assert "验证码不对" in answer.content.decode()


@pytest.mark.parametrize(("steps", "passes"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_may_be_half_a_minute_off(steps, passes, worker, visitor):
    visitor.give_password("worker")
    assert (visitor.give_code(code_now(steps)).status_code == 302) is passes


def test_a_full_width_code_with_a_space_is_read(worker, visitor):
    visitor.give_password("worker")
    digits = code_now()
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in digits[:3]) + " " + digits[3:]
    assert visitor.give_code(wide).url == "/"


@pytest.mark.parametrize("typed", ["12345", "1234567", "abcdef", "²²²²²²", "\x00", "9" * 500])
def test_what_is_no_code_is_refused_in_words(typed, worker, visitor):
    visitor.give_password("worker")
    assert visitor.give_code(typed).status_code == 200


def test_the_secret_is_sealed_in_the_table(worker):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM accounts_totpdevice")
        stored = bytes(cursor.fetchone()[0])
    assert b"3131" not in stored
    assert bytes.fromhex("31" * 20) not in stored
    assert TotpDevice.objects.get().secret == "31" * 20


def test_wrong_codes_hold_back_too(worker, visitor, another_browser, noon):
    visitor.give_password("worker")
    for _ in range(5):
        visitor.give_code("000000")
        noon.shift(timedelta(seconds=40))  # past the device's own wait
    held = LoginThrottle.objects.get()
    assert held.failures == 5


def test_a_backup_code_replaces_the_phone_once(worker, visitor, another_browser):
    BackupCode.objects.create(user=worker, digest=code_digest("backup", "K7QM-3XTA-9BWD"))
    visitor.give_password("worker")
    assert visitor.post("/login/backup/", {"code": "k7qm 3xta 9bwd"}).url == "/"
    assert visitor.is_in()
    second = another_browser()
    second.give_password("worker")
    assert second.post("/login/backup/", {"code": "K7QM-3XTA-9BWD"}).status_code == 200
    assert not second.is_in()


def test_another_persons_backup_code_is_refused(world, worker, visitor):
    BackupCode.objects.create(user=world.police, digest=code_digest("backup", "K7QM-3XTA-9BWD"))
    visitor.give_password("worker")
    assert visitor.post("/login/backup/", {"code": "K7QM-3XTA-9BWD"}).status_code == 200


# --- throttling -----------------------------------------------------------------------------------------------------


def test_the_fifth_failure_holds_back_and_the_wait_ends(worker, visitor, noon):
    for _ in range(4):
        visitor.give_password("worker", "wrong-Password-1")
    assert visitor.give_password("worker").url == "/login/code/", "four failures hold nothing back"
    visitor.give_password("worker", "wrong-Password-1")
    assert visitor.give_password("worker").status_code == 200, "the fifth does"
    noon.shift(timedelta(seconds=29))
    assert visitor.give_password("worker").status_code == 200
    noon.shift(timedelta(seconds=1))
    assert visitor.give_password("worker").url == "/login/code/"


def test_trying_while_held_back_does_not_lengthen_the_wait(worker, visitor, noon):
    for _ in range(5):
        visitor.give_password("worker", "wrong-Password-1")
    for _ in range(20):
        visitor.give_password("worker", "wrong-Password-1")
    assert LoginThrottle.objects.get().failures == 5
    noon.shift(timedelta(seconds=30))
    assert visitor.give_password("worker").url == "/login/code/"


def test_one_address_is_never_shut_out(worker, world, visitor):
    give_phone(world.leader)
    for _ in range(12):
        visitor.give_password("worker", "wrong-Password-1")
    assert visitor.log_in(world.leader).url == "/"


def test_one_name_is_never_shut_out_elsewhere(worker, visitor, another_browser):
    stranger = another_browser("203.0.113.66")
    for _ in range(12):
        stranger.give_password("worker", "wrong-Password-1")
    assert visitor.log_in(worker).url == "/"


def test_a_success_wipes_the_count(worker, visitor):
    visitor.give_password("worker", "wrong-Password-1")
    visitor.log_in(worker)
    assert LoginThrottle.objects.count() == 0


def test_the_table_keeps_no_name(worker, visitor):
    visitor.give_password("my-Password-typed-as-name", "x")
    assert b"typed" not in bytes(LoginThrottle.objects.get().name)


# --- the trail ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_trail_tells_success_failure_lock_and_end(worker, visitor, noon):
    for _ in range(5):
        visitor.give_password("worker", "wrong-Password-1")
    noon.shift(timedelta(seconds=30))
    visitor.log_in(worker)
    visitor.post("/logout/")
    assert Counter(trail.actions("accounts.login")) == {
        "accounts.login.failed": 5,
        "accounts.login.locked": 1,
        "accounts.login.succeeded": 1,
        "accounts.login.ended": 1,
    }


@pytest.mark.django_db(transaction=True)
def test_many_names_from_one_address_are_named_a_spray_once(world, visitor):
    for n in range(12):
        visitor.give_password(f"guess{n:02d}", "wrong-Password-1")
    assert trail.actions("accounts.login.spray") == ["accounts.login.spray"]


@pytest.mark.django_db(transaction=True)
def test_the_trail_holds_no_typed_name(world, visitor):
    visitor.give_password("my-Password-typed-as-name", "Another-secret-5")
    assert trail.actions("accounts.login") == ["accounts.login.failed"]
    assert "typed" not in trail.whole()
    assert "Another" not in trail.whole()
