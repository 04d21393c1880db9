"""Every role × every address: who may, who gets 403, whose person is 404; and what stands in each answer.

The matrix is written by hand (access_matrix.toml). An address or a role code that is not in it fails here.
"""

import pytest

from accounts.terms import Role
from tests.access import matrix
from tests.access.asking import ask, path_of
from tests.access.canaries import found_in
from tests.access.world import PEOPLE, SEATS
from tests.architecture.test_urls import ALL, PUBLIC

ROLES = sorted(matrix.text()["reach"])
RELATIONS = [person.relation for person in PEOPLE]
# Named by the second wall's own tests and by tests/accounts: whoever logs out has no answer to compare.
OWN_TESTS = set(PUBLIC) - {"home"}


def test_every_address_stands_in_the_matrix():
    assert sorted({name for name, _route, _view in ALL} - OWN_TESTS - set(matrix.addresses())) == []


def test_the_matrix_names_no_address_that_is_gone():
    assert sorted(set(matrix.addresses()) - {name for name, _route, _view in ALL}) == []


@pytest.mark.parametrize("part", ["reach", "sees"])
def test_every_role_stands_in_the_matrix(part):
    assert sorted(matrix.text()[part]) == sorted(Role.values) == sorted(SEATS)


def test_the_matrix_knows_every_person_of_the_world():
    known = {relation for reached in matrix.text()["reach"].values() for relation in reached}
    assert known == set(RELATIONS)


@pytest.fixture(scope="module")
def clients(world):
    return {role: world.client(role) for role in ROLES}


def relations_for(address, role):
    """Whom to ask about: everyone and nobody for roles with a door here; one person of their own place for the rest."""
    if not address.names_people:
        return [""]
    return [*RELATIONS, "nobody"] if address.is_open_to(role) else ["own_village"]


def leaks(role, answer, world):
    """Fields of people that stand in the answer and may not stand there for this role."""
    return {
        relation: sorted(more)
        for relation, fields in found_in(answer.text, world.people).items()
        if (more := fields - matrix.allowed_fields(role, relation))
    }


@pytest.mark.parametrize("name", sorted(matrix.addresses()))
def test_address(name, world, clients):
    """Statuses equal the matrix; no answer, refusals included, carries a field it may not."""
    address = matrix.addresses()[name]
    wrong, leaked = [], []
    for role in ROLES:
        for relation in relations_for(address, role):
            for method in address.rules:
                answer = ask(clients[role], method, path_of(address, world, role, relation))
                expected = address.answer(role, method, relation)
                if answer.status != expected:
                    wrong.append(f"{method} {role} {relation}: {answer.status}, expected {expected}")
                if found := leaks(role, answer, world):
                    leaked.append(f"{method} {role} {relation}: {found}")
    assert leaked == []
    assert wrong == []


@pytest.mark.parametrize("name", sorted(matrix.addresses()))
def test_a_method_without_use_is_refused(name, world, clients):
    address = matrix.addresses()[name]
    role = next(role for role in ROLES if address.is_open_to(role))
    others = [method for method in matrix.METHODS if method not in address.rules]
    path = path_of(address, world, role, "own_village")
    assert {method: ask(clients[role], method, path).status for method in others} == dict.fromkeys(others, 405)


@pytest.mark.parametrize("name", sorted(matrix.addresses()))
def test_a_stranger_is_sent_to_the_login(name, world, client_of_nobody):
    address = matrix.addresses()[name]
    expected = 401 if name.startswith(("api:", "schema")) else 302
    for method in address.rules:
        answer = ask(client_of_nobody, method, path_of(address, world, relation="own_village"))
        assert answer.status == expected, method
        assert found_in(answer.text, world.people) == {}
        if expected == 302:
            assert "Location: /login/" in answer.text


@pytest.fixture(scope="module")
def client_of_nobody(world):
    from django.test import Client

    return Client(raise_request_exception=False)
