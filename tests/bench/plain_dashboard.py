"""The best single statement we could write that counts a county's figures straight from its visits, for today.

It knows that today's state stands on the patient's row, reads the year's visits once in index order, finds each last and
previous record by one window, and counts all figures by township. Only months and quarters are asked as the rules do.
"""

from datetime import date
from typing import Any

from reports.rules.months import quarter_start

CODES = (
    "registered", "managed", "standard_managed", "standard_managed_strict", "face_to_face", "medicated",
    "regular_medication", "regular_medication_last", "scz", "scz_treated", "scz_regular", "home", "stable",
    "quarterly_risk", "free_sga", "risk_0", "risk_1", "risk_2", "risk_3", "risk_4", "risk_5",
)  # fmt: skip
# b to a at most three months apart: days decide, and only between 89 and 123 the months are taken apart.
_NEAR = (
    "({a} - {b} < 89 OR ({a} - {b} <= 123 AND (date_part('year', {a}) - date_part('year', {b})) * 12 "
    "+ date_part('month', {a}) - date_part('month', {b}) <= 3))"
)
STATEMENT = f"""
WITH person AS (
  SELECT p.id, p.duty_township AS township, p.opened_on, g.code = '01' AS scz
  FROM registry_patient p LEFT JOIN (
    SELECT DISTINCT ON (patient_id) patient_id, code FROM registry_diagnosis
    WHERE duty_county = %(county)s AND starts_on <= %(today)s ORDER BY patient_id, starts_on DESC) g ON g.patient_id = p.id
  WHERE p.duty_county = %(county)s AND p.closed_on IS NULL AND p.opened_on <= %(today)s
), line AS (
  SELECT patient_id, visited_on, visited_on >= %(start)s AS y, level, stability, adherence, hospital = 1 IS TRUE AS inside,
    form <> '3' AND '1' = ANY (seen) AS face,
    lag(visited_on) OVER w AS before, lead(root_id) OVER w IS NULL AS newest
  FROM followup_visit
  WHERE duty_county = %(county)s AND is_current AND complete AND visited_on BETWEEN %(near)s AND %(today)s
  WINDOW w AS (PARTITION BY patient_id ORDER BY visited_on, root_id)
), one AS (
  SELECT patient_id, bool_or(y) AS managed, bool_or(y AND face) AS face,
    bool_and(NOT y OR before IS NULL OR before < %(start)s OR {_NEAR.format(a="visited_on", b="before")}) AS close,
    min(visited_on) FILTER (WHERE y) AS first_on, max(visited_on) FILTER (WHERE y) AS last_on,
    max(visited_on) FILTER (WHERE NOT y) AS prev_on,
    bool_or(y AND (inside OR adherence = 1)) AS taken, bool_or(y AND NOT inside AND adherence IN (2, 3)) AS missed,
    max(level) FILTER (WHERE newest) AS level, max(stability) FILTER (WHERE newest) AS stability,
    max(adherence) FILTER (WHERE newest) AS adherence, bool_or(newest AND inside) AS inside,
    bool_or(y AND level IS NOT NULL AND visited_on < %(q2)s) AS s1,
    bool_or(level IS NOT NULL AND visited_on >= %(q2)s AND visited_on < %(q3)s) AS s2,
    bool_or(level IS NOT NULL AND visited_on >= %(q3)s AND visited_on < %(q4)s) AS s3,
    bool_or(level IS NOT NULL AND visited_on >= %(q4)s) AS s4
  FROM line GROUP BY patient_id
), free AS (
  SELECT DISTINCT d.patient_id FROM followup_dispensing d JOIN followup_medicine m ON m.id = d.medicine_id
  WHERE d.duty_county = %(county)s AND d.struck_at IS NULL AND m.kind = 'second'
    AND d.handed_on BETWEEN %(start)s AND %(today)s
), each AS (
  SELECT township, opened_on, scz, free.patient_id IS NOT NULL AS free, one.*, coalesce(prev_on, (
    SELECT max(v.visited_on) FROM followup_visit v
    WHERE v.patient_id = person.id AND v.is_current AND v.complete AND v.visited_on < %(near)s), opened_on) AS base
  FROM person LEFT JOIN one ON one.patient_id = person.id LEFT JOIN free ON free.patient_id = person.id
)
SELECT township, count(*), count(*) FILTER (WHERE managed), count(*) FILTER (WHERE managed AND close),
  count(*) FILTER (WHERE managed AND close AND last_on >= %(recent)s AND {_NEAR.format(a="first_on", b="base")}),
  count(*) FILTER (WHERE face), count(*) FILTER (WHERE managed AND (inside OR adherence IN (1, 2))),
  count(*) FILTER (WHERE taken AND missed IS NOT TRUE), count(*) FILTER (WHERE managed AND (inside OR adherence = 1)),
  count(*) FILTER (WHERE scz), count(*) FILTER (WHERE scz AND managed AND (inside OR adherence IN (1, 2))),
  count(*) FILTER (WHERE scz AND taken AND missed IS NOT TRUE), count(*) FILTER (WHERE managed AND NOT inside),
  count(*) FILTER (WHERE managed AND NOT inside AND stability = 3 AND last_on >= %(recent)s),
  count(*) FILTER (WHERE managed AND (s1 OR %(owed)s < 1 OR opened_on >= %(start)s)
    AND (s2 OR %(owed)s < 2 OR opened_on >= %(q2)s) AND (s3 OR %(owed)s < 3 OR opened_on >= %(q3)s)
    AND (s4 OR %(owed)s < 4 OR opened_on >= %(q4)s)),
  count(*) FILTER (WHERE free AND adherence IS DISTINCT FROM 4),
  count(*) FILTER (WHERE managed AND level = 0), count(*) FILTER (WHERE managed AND level = 1),
  count(*) FILTER (WHERE managed AND level = 2), count(*) FILTER (WHERE managed AND level = 3),
  count(*) FILTER (WHERE managed AND level = 4), count(*) FILTER (WHERE managed AND level = 5)
FROM each GROUP BY township
"""


def asked(county: int, today: date, closed: int) -> dict[str, Any]:
    """`closed`: how many quarters of the year have ended."""
    month = today.year * 12 + today.month - 1 - 3
    quarters = {f"q{number}": quarter_start(today.year, number) for number in (2, 3, 4)}
    return {
        "county": county, "today": today, "start": date(today.year, 1, 1), "near": date(today.year - 1, 10, 1),
        "recent": date(month // 12, month % 12 + 1, 1), "owed": closed, **quarters,
    }  # fmt: skip
