"""Hostile input: whatever stands in an address, a form or a body, the answer is a refusal in words, never a 5xx."""

from base64 import b64encode

from django.urls import reverse

from tests.access.world import AccessWorld

EARLY, LATE, NO_DAY = "0001-01-01", "9999-12-31", "99999999999-1-1"
NUL = "\x00"
LONG = "好" * 10_000
HUGE = "9" * 5_000


def _cursor(position: str) -> str:
    return b64encode(f"p={position}".encode()).decode()


def test_addresses_with_hostile_queries_are_never_a_server_error(world: AccessWorld) -> None:
    client = world.client("county_office")
    patient = world.uuids["own_village"]
    names = [
        ("registry:patients", ()), ("followup:worklist", ()), ("exchange:sent", ()), ("reports:dashboard", ()),
        ("reports:indicator", ("managed",)), ("reports:people", ("managed",)), ("reports:live", ("overdue",)),
        ("reports:unsigned", ()), ("reports:reported", ()), ("reports:report", ()), ("accounts:calendar", ()),
        ("api:patients", ()), ("api:worklist", ()), ("api:indicators", ()), ("api:patient_visits", (patient,)),
    ]
    queries = [
        {name: value}
        for name in ("page", "area", "as_of", "status", "level", "place", "show", "village", "side", "need", "sort",
                     "group", "code", "cursor", "year", "page_size")
        for value in (NUL, LONG, HUGE, EARLY, LATE, NO_DAY, "-1", "١", _cursor("abc"), _cursor(NUL), _cursor(HUGE))
    ]
    failed = []
    for name, arguments in names:
        for query in queries:
            answer = client.get(reverse(name, args=arguments), query)
            if answer.status_code >= 500:
                failed.append((name, {k: v[:30] for k, v in query.items()}))
    assert failed == []
