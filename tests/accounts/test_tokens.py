"""API tokens: the owner's rights of the moment, dated, revocable, never for acts that need a step-up."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import ApiToken, User
from accounts.refusals import Refused
from accounts.services.accounts import reset_login
from accounts.services.tokens import create_token, revoke_token, user_of_token

SCHEMA = "/api/v1/schema/"


pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def token(world):
    return create_token(user=world.worker, name="夜间对账", days=5, by=None)


def ask(client, token, path=SCHEMA):
    return client.get(path, HTTP_AUTHORIZATION=f"Bearer {token}")


def test_a_token_opens_the_api_as_its_owner(token, client, world):
    assert ask(client, token).status_code == 200
    assert user_of_token(token)[0] == world.worker


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("", id="none"),
        pytest.param("Bearer", id="no-token"),
        pytest.param("Bearer smd_wrong", id="wrong"),
        pytest.param("Bearer smd_a b", id="two-words"),
        pytest.param("Bearer Ünicode", id="not-ascii"),
        pytest.param("Basic d29ya2VyOnB3", id="password-in-the-clear"),
    ],
)
def test_no_or_another_header_is_401(header, token, client):
    answer = client.get("/api/v1/patients/", HTTP_AUTHORIZATION=header)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert set(answer.json()) == {"code", "message", "fields"}


def test_a_token_opens_no_page(token, client):
    answer = ask(client, token, "/me/")
    assert (answer.status_code, answer.url) == (302, "/login/?next=%2Fme%2F")


@pytest.mark.parametrize(
    ("wait", "works"),
    [
        pytest.param(timedelta(days=5, seconds=-1), True, id="just-inside"),
        pytest.param(timedelta(days=5), False, id="expired"),
    ],
)
def test_a_token_ends_on_its_day(wait, works, token, client, noon):
    noon.shift(wait)
    assert ask(client, token).status_code == (200 if works else 401)


def test_a_revoked_token_is_refused_at_once(token, client, world):
    revoke_token(uuid=ApiToken.objects.get().uuid, by=world.worker)
    assert ask(client, token).status_code == 401


def test_a_disabled_owner_or_an_old_password_closes_the_token(token, client, world):
    User.objects.filter(pk=world.worker.pk).update(password_changed_at=timezone.now() - timedelta(days=91))
    assert ask(client, token).status_code == 401
    User.objects.filter(pk=world.worker.pk).update(password_changed_at=timezone.now(), is_active=False)
    assert ask(client, token).status_code == 401


def test_an_ended_assignment_leaves_the_token_without_rights(token, client, world):
    world.worker.assignments.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert ask(client, token).status_code == 403


def test_a_role_without_the_api_gets_403(client, world):
    token = create_token(user=world.leader, name="x", days=1, by=None)
    assert ask(client, token).status_code == 403


def test_a_role_without_the_api_gets_403_on_data_it_may_see_on_pages(client, world):
    token = create_token(user=world.leader, name="x", days=1, by=None)
    assert ask(client, token, "/api/v1/patients/").status_code == 403


def test_two_ways_at_once_are_refused_in_words(token, log_in, world):
    """A partner's browser has given up its rights in the database: nothing may be asked there for somebody else."""
    for user in (world.police, world.worker):
        answer = ask(log_in(user), token, "/api/v1/patients/")
        assert (answer.status_code, answer.json()["code"]) == (400, "two_credentials")


def test_resetting_a_login_ends_its_tokens(token, client, world):
    reset_login(user=world.worker, forget_phone=False, by=world.security_admin)
    assert ask(client, token).status_code == 401


def test_the_table_keeps_only_a_digest(token):
    row = ApiToken.objects.get()
    assert token.encode() not in bytes(row.digest)
    assert len(bytes(row.digest)) == 32


def test_use_is_noted_once_a_minute(token, client, noon):
    ask(client, token)
    first = ApiToken.objects.get().last_used_at
    noon.shift(timedelta(seconds=59))
    ask(client, token)
    assert ApiToken.objects.get().last_used_at == first
    noon.shift(timedelta(seconds=1))
    ask(client, token)
    assert ApiToken.objects.get().last_used_at == first + timedelta(minutes=1)


@pytest.mark.parametrize(("days", "works"), [(0, False), (1, True), (366, True), (367, False)])
def test_a_token_lives_one_to_366_days(days, works, world):
    if works:
        create_token(user=world.worker, name="x", days=days, by=None)
    else:
        with pytest.raises(Refused):
            create_token(user=world.worker, name="x", days=days, by=None)


def test_the_command_prints_the_token_once(world, capsys, client):
    assert world.worker.username == "worker"
    call_command("create_api_token", "Worker", days=3)
    token = capsys.readouterr().out.strip()
    assert ask(client, token).status_code == 200
    with pytest.raises(CommandError, match="没有用户名"):
        call_command("create_api_token", "nobody", days=3)
    with pytest.raises(CommandError, match="1 到 366"):
        call_command("create_api_token", "worker", days=0)
