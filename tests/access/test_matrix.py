"""Every role × every address: who may, who gets 403, whose person is 404; and what stands in each answer.

The matrix is written by hand (access_matrix.toml). An address or a role code that is not in it fails here.
"""

import pytest

from accounts.terms import Role
from tests.access import matrix
from tests.access.asking import ask, path_of
from tests.access.canaries import GROUPS, found_in
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
    """Whom to ask about: everyone for roles with a door here, one person and nobody for those without."""
    if not address.names_people:
        return [""]
    open_to = any(matrix.may(role, rule["may"]) for rule in address.rules.values())
    return [*RELATIONS, "nobody"] if open_to else ["own_village", "nobody"]


def leaks(role, answer, world):
    """Fields of people that stand in the answer and may not stand there for this role."""
    reached, groups = matrix.text()["reach"][role], matrix.text()["sees"][role]
    wrong = {}
    for relation, fields in found_in(answer.text, world.people).items():
        allowed = {name for name in fields if relation in reached and GROUPS[name] in groups}
        if fields - allowed:
            wrong[relation] = sorted(fields - allowed)
    return wrong


@pytest.mark.parametrize("name", sorted(matrix.addresses()))
def test_address(name, world, clients):
    """Statuses equal the matrix; no answer, refusals included, carries a field it may not."""
    address = matrix.addresses()[name]
    wrong, leaked = [], []
    for role in ROLES:
        for relation in relations_for(address, role):
            for method in matrix.METHODS:
                if method not in address.rules and relation != relations_for(address, role)[0]:
                    continue  # a wrong method is asked once
                answer = ask(clients[role], method, path_of(address, world, relation))
                expected = address.answer(role, method, relation)
                if answer.status != expected:
                    wrong.append(f"{method} {role} {relation}: {answer.status}, expected {expected}")
                if found := leaks(role, answer, world):
                    leaked.append(f"{method} {role} {relation}: {found}")
    assert wrong == []
    assert leaked == []


@pytest.mark.parametrize("name", sorted(matrix.addresses()))
def test_a_stranger_is_sent_to_the_login(name, world, client_of_nobody):
    address = matrix.addresses()[name]
    expected = 401 if name.startswith(("api:", "schema")) else 302
    for method in address.rules:
        answer = ask(client_of_nobody, method, path_of(address, world, "own_village"))
        assert answer.status == expected, method
        assert found_in(answer.text, world.people) == {}
        if expected == 302:
            assert "Location: /login/" in answer.text


@pytest.fixture(scope="module")
def client_of_nobody(world):
    from django.test import Client

    return Client(raise_request_exception=False)
