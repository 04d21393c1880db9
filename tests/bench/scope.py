"""What the walls cost: the worklist's statement as the app under its policies, and as the owner whom no policy binds."""

from django.db import connection
from django.utils import timezone

from accounts.scope import scope
from accounts.terms import Permission
from followup.queries import worklist as listing
from followup.views.worklist import PAGE
from ops.postgres import Postgres
from registry.doors import patients_for
from tests.bench.database import DATABASE, HOME
from tests.bench.measure import Result, compare
from tests.bench.plain_worklist import AHEAD
from tests.bench.replay import Player, Taken, reads, taking_down
from tests.bench.worklist import busiest_township, worker_of

GOAL = 1.2  # performance §9 row 9


def statements() -> tuple[Taken, Taken]:
    """The reach as the scope sets it with the list's statement prepared, and the statement as every page sends it."""
    today, (town, _) = timezone.localdate(), busiest_township(AHEAD)
    user = worker_of(town)
    connection.close()  # a new one prepares the statement before our eyes
    reach: Taken = []
    with taking_down(reach), scope(user):
        listed: Taken = []
        with taking_down(listed):
            found = listing.due(patients_for(user, Permission.VIEW_WORKLIST), today, AHEAD)
            listing.board(found, today, show="all", village=None, start=0, number=50)
    (prepared,) = [line for line in reads(listed) if line[0].startswith("PREPARE") and "banded" in line[0]]
    (statement,) = [line for line in reads(listed) if "EXECUTE worklist" in line[0]]
    return [*[line for line in reads(reach) if "set_config" in line[0]][:1], prepared], [statement]


def bench() -> Result:
    reach, listed = statements()
    server = Postgres(HOME)
    walled, free = Player(server.url(DATABASE, "app")), Player(server.url(DATABASE, "owner"))
    try:
        walled.prepare(reach)
        free.prepare(reach)
        assert walled.play(listed) == free.play(listed), "the walls change what the list shows"
        shown = len(free.play(listed))
        assert shown == PAGE, f"{shown} of {PAGE} rows"
        facts = {"rows": shown}
        return compare(
            "scope", lambda: walled.play(listed), lambda: free.play(listed), goal=GOAL, rounds=300, facts=facts
        )
    finally:
        walled.close()
        free.close()
