"""The worklist's statement in a province of half a million people against the same statement in one county."""

from ops.postgres import Postgres
from tests.bench.database import DATABASE, HOME
from tests.bench.grown import TIMES, grow
from tests.bench.measure import Result, compare
from tests.bench.replay import Player
from tests.bench.scope import statements

GOAL = 3.0  # performance §9 row 2


def bench() -> Result:
    address = grow()
    reach, listed = statements()
    county, province = Player(Postgres(HOME).url(DATABASE, "app")), Player(address)
    try:
        county.prepare(reach)
        province.prepare(reach)
        assert county.play(listed) == province.play(listed), "other counties change what the list shows"
        facts = {"times": TIMES + 1}
        return compare(
            "scale", lambda: province.play(listed), lambda: county.play(listed), goal=GOAL, rounds=300, facts=facts
        )
    finally:
        county.close()
        province.close()
