"""Every address is guarded: its view carries @requires, or stands in the short reviewed list of public ones."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

# Reviewed by hand; a name is added here only with a reason.
PUBLIC = {
    "home": "sends a stranger to the login, anyone else to the first page of the day",
    "accounts:login": "one logs in here",
    "accounts:login_code": "the second step of logging in",
    "accounts:login_backup": "the second step, with a backup code",
    "accounts:first_login": "a one-time code in place of the first password",
    "accounts:password_new": "behind the one-time code",
    "accounts:enrol": "behind the password: setting up the authenticator",
    "accounts:enrol_picture": "the picture on that page",
    "accounts:logout": "whoever asks is logged out",
}
METHODS = ("get", "post", "put", "patch", "delete")


def walk(resolver=None, prefix="", namespaces=()):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from walk(entry, prefix + str(entry.pattern), inner)
        elif isinstance(entry, URLPattern):
            name = ":".join([*namespaces, entry.name or f"unnamed {prefix}{entry.pattern}"])
            yield name, prefix + str(entry.pattern), entry.callback


ALL = sorted(walk(), key=lambda found: found[0])


def is_guarded(view):
    """On the view, on its class, or on every method the class answers."""
    kind = getattr(view, "view_class", None) or getattr(view, "cls", None)
    if getattr(view, "requires", None) or getattr(kind, "requires", None):
        return True
    answered = [getattr(kind, m) for m in METHODS if hasattr(kind, m)] if kind else []
    return bool(answered) and all(getattr(method, "requires", None) for method in answered)


def test_there_are_addresses_to_judge():
    assert len(ALL) > 40


def test_every_address_has_a_name_of_its_own():
    names = [name for name, _route, _view in ALL]
    assert [n for n in names if "unnamed" in n] == []
    assert sorted({n for n in names if names.count(n) > 1}) == []


@pytest.mark.parametrize(("name", "view"), [(name, view) for name, _route, view in ALL], ids=[a[0] for a in ALL])
def test_address_is_guarded(name, view):
    if name in PUBLIC:
        assert getattr(view, "public", False) or getattr(getattr(view, "cls", None), "public", False)
    else:
        assert is_guarded(view)
        assert not getattr(view, "public", False)


def test_the_public_list_is_short_and_true():
    assert len(PUBLIC) <= 10
    assert sorted(set(PUBLIC) - {name for name, _route, _view in ALL}) == []


def test_addresses_name_people_by_uuid_only():
    """No sequential number of a person, visit or alert, and no name or ID number in a path."""
    assert [route for _name, route, _view in ALL if "<int:" in route or "<pk>" in route or "<id>" in route] == []
