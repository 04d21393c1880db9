"""Encrypted columns: never in clear in the database, bound to their row, readable through key changes."""

from collections.abc import Callable

import pytest
from cryptography.exceptions import InvalidTag
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

from accounts.crypto import blind_index, seal, unseal
from accounts.models import User
from tests.conftest import World

PHONE = "19900001234"


def stored(user: User) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM accounts_user WHERE id = %s", [user.pk])
        return bytes(cursor.fetchone()[0])


@pytest.fixture
def user(world: World) -> User:
    person = world.worker
    person.phone = PHONE
    person.save(update_fields=["phone"])
    return person


def test_the_database_holds_no_clear_text_and_the_row_opens_it(user: User) -> None:
    assert PHONE.encode() not in stored(user)
    assert stored(user).startswith(b"t2:")
    assert User.objects.get(pk=user.pk).phone == PHONE
    assert User.objects.defer("phone").get(pk=user.pk).phone == PHONE


def test_a_ciphertext_copied_to_another_row_does_not_open(world: World, user: User) -> None:
    other = world.worker_b
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET phone = %s WHERE id = %s", [stored(user), other.pk])
    with pytest.raises(InvalidTag):
        _ = User.objects.get(pk=other.pk).phone


def _update(user: User) -> None:
    User.objects.filter(pk=user.pk).update(phone=PHONE)


def _bulk_update(user: User) -> None:
    user.phone = "1"
    User.objects.bulk_update([user], ["phone"])


def _filter(user: User) -> None:
    User.objects.filter(phone=PHONE).exists()


@pytest.mark.parametrize("way", (_update, _bulk_update, _filter))
def test_ways_around_the_cipher_are_refused(user: User, way: Callable[[User], None]) -> None:
    with pytest.raises(ImproperlyConfigured), transaction.atomic():
        way(user)


def test_an_old_key_still_opens_and_the_next_save_takes_the_newest(settings: object, user: User) -> None:
    settings.FIELD_KEYS = {"t3": "44" * 32, **settings.FIELD_KEYS}  # type: ignore[attr-defined]
    person = User.objects.get(pk=user.pk)
    assert person.phone == PHONE
    person.save(update_fields=["phone"])
    assert stored(user).startswith(b"t3:")


def test_an_unknown_key_is_named(settings: object, user: User) -> None:
    settings.FIELD_KEYS = {"t9": "55" * 32}  # type: ignore[attr-defined]
    with pytest.raises(ImproperlyConfigured, match="t2"):
        _ = User.objects.get(pk=user.pk).phone


def test_the_blind_index_tells_kinds_apart_and_is_stable() -> None:
    assert blind_index("id_number", "1") == blind_index("id_number", "1")
    assert blind_index("id_number", "1") != blind_index("phone", "1")


def test_label_and_row_are_authenticated(user: User) -> None:
    sealed = seal(b"x", label="a.b", uuid=user.uuid)
    assert unseal(sealed, label="a.b", uuid=user.uuid) == b"x"
    with pytest.raises(InvalidTag):
        unseal(sealed, label="a.c", uuid=user.uuid)
