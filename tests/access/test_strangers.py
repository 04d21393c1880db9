"""Somebody else's patient and one who never existed are one answer: same status, same body, same number of queries."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.access import matrix
from tests.access.asking import ask, path_of
from tests.access.canaries import found_in
from tests.oracle.people import id_number

# role -> whose files it must not tell from files that do not exist
STRANGERS = {
    "village_doctor": ["own_township", "other_township", "other_county"],
    "township_worker": ["other_township", "other_county", "moved_out", "alerted_elsewhere"],
    "township_leader": ["other_township"],
    "county_office": ["other_county", "alerted_abroad"],
    "psychiatrist": ["other_county"],
    "township_police": ["alerted_elsewhere"],
    "township_political_legal": ["alerted_elsewhere"],
    "county_police": ["alerted_abroad"],
    "county_political_legal": ["alerted_abroad"],
}
ROUTES = [name for name, address in sorted(matrix.addresses().items()) if address.names_people]
# Of no answer is anything compared but these: they differ from one request to the next by their nature.
DIFFERENT_EACH_TIME = (
    (r"[0-9a-f]{12}", "#request"),
    (r"(csrfmiddlewaretoken\" value=\"|CSRFToken\": \")[^\"]+", r"\1#token"),
    (r"\d{2}:\d{2}(:\d{2})?", "#time"),
)


def plain(text):
    for pattern, put in DIFFERENT_EACH_TIME:
        text = re.sub(pattern, put, text)
    return text


def asked(client, method, path):
    connection.queries_log.clear()  # it holds 9,000 statements, and one world serves every address
    with CaptureQueriesContext(connection) as queries:
        answer = ask(client, method, path)
    return answer, len(queries)


@pytest.mark.parametrize("name", ROUTES)
def test_a_stranger_is_like_nobody(name, world):
    address = matrix.addresses()[name]
    for role, relations in STRANGERS.items():
        if not address.is_open_to(role):
            continue
        client = world.client(role)
        for method in address.rules:
            if not matrix.may(role, address.rules[method]["may"]):
                continue
            nobody_path = path_of(address, world, role, "nobody")
            asked(client, method, nobody_path)  # whatever is read once is read now
            nobody, nobody_queries = asked(client, method, nobody_path)
            for relation in relations:
                path = path_of(address, world, role, relation)
                assert path != nobody_path
                theirs, their_queries = asked(client, method, path)
                assert theirs.status == nobody.status == 404, (role, relation, method)
                assert plain(theirs.text) == plain(nobody.text), (role, relation, method)
                assert their_queries == nobody_queries, (role, relation, method)
                assert found_in(theirs.text, world.people) == {}


def test_every_route_to_a_person_is_tried():
    assert len(ROUTES) > 20
    assert {role for role in STRANGERS for name in ROUTES if matrix.addresses()[name].is_open_to(role)} == set(
        STRANGERS
    )


@pytest.mark.parametrize("what", ["name", "id_number", "phone"])
def test_the_search_finds_no_stranger_and_does_not_tell(what, world):
    """The same page for somebody of another township and for a name or number that nobody has."""
    client = world.client("township_worker")
    unknown = {"name": "赵䶮䶮", "id_number": id_number(date(1971, 1, 1), 555), "phone": "19900009999"}[what]
    theirs = world.person("other_township").tokens[what]
    answers = [ask(client, "POST", "/patients/search/", {"q": word}) for word in (unknown, theirs)]
    bodies = [plain(a.text).replace(unknown, "#word").replace(theirs, "#word") for a in answers]
    assert [a.status for a in answers] == [200, 200]
    assert bodies[0] == bodies[1]
    own = world.person("own_township")
    assert own.name in ask(client, "POST", "/patients/search/", {"q": own.name}).text
