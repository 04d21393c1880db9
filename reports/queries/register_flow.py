"""在册变动 between two days: who is in the register now and was not, who was and is not, and why. The stock on both days
is the indicators' own (在册), so the balance opening + in − out = closing can be checked against it.
"""

from collections import defaultdict

from django.db import connection

from registry.terms import CareStatus
from reports.queries.conditions import literal
from reports.queries.counts import figures_scope
from reports.queries.periods import Place, period_sql
from reports.rules.cut import Cut

NEW, CAME, INSIDE = "new", "came", "inside"
DEAD, EXCLUDED, LEFT, TO_INSIDE = "dead", "excluded", "left", "to_inside"
WAYS_IN, WAYS_OUT = (NEW, CAME, INSIDE), (DEAD, EXCLUDED, LEFT, TO_INSIDE)

_FLOW = """
    WITH past AS MATERIALIZED (SELECT patient_id, township FROM ({past}) w),
    present AS MATERIALIZED (SELECT patient_id, township, opened_on FROM ({present}) n)
    SELECT township, way, count(*) FROM (
        SELECT n.township, CASE WHEN w.patient_id IS NOT NULL THEN '{inside}'
               WHEN n.opened_on > {start} THEN '{new}' ELSE '{came}' END AS way
        FROM present n LEFT JOIN past w USING (patient_id)
        WHERE w.patient_id IS NULL OR w.township <> n.township
        UNION ALL
        SELECT w.township, CASE WHEN n.patient_id IS NOT NULL THEN '{to_inside}'
               WHEN ended.value = '{is_dead}' THEN '{dead}'
               WHEN ended.value = '{is_excluded}' THEN '{excluded}' ELSE '{left}' END
        FROM past w LEFT JOIN present n USING (patient_id)
        LEFT JOIN LATERAL (SELECT s.value FROM registry_patientstatus s WHERE s.patient_id = w.patient_id
                           AND s.starts_on <= {end} ORDER BY s.starts_on DESC LIMIT 1) ended ON true
        WHERE n.patient_id IS NULL OR w.township <> n.township
    ) moved GROUP BY 1, 2
"""


def flow_of(place: Place, before: Cut, cut: Cut) -> dict[int, dict[str, int]]:
    """Township → way → people. Whoever came and went between the two days is in neither stock and in no way.

    Counts only: read with the widest reach, since those who left are no longer in the reader's.
    """
    sql = _FLOW.format(
        past=period_sql(place, before), present=period_sql(place, cut), start=literal(before.as_of),
        end=literal(cut.as_of), inside=INSIDE, new=NEW, came=CAME, to_inside=TO_INSIDE, dead=DEAD, excluded=EXCLUDED,
        left=LEFT, is_dead=CareStatus.DEAD.value, is_excluded=CareStatus.EXCLUDED.value,
    )  # fmt: skip
    found: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys((*WAYS_IN, *WAYS_OUT), 0))
    with figures_scope(before), connection.cursor() as cursor:
        cursor.execute(sql)
        for township, way, people in cursor.fetchall():
            found[township][way] = people
    return found
