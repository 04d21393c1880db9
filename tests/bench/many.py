"""The county grown to very many people, for memory: copies without numbers of their own, each insured, nothing else.

What lies encrypted in a row opens for that row only, so the copies have none: they are held by a temporary number.
"""

from psycopg2.extensions import cursor as Cursor

OFFSET = 10_000_000
COPY = """
INSERT INTO registry_patient (id, uuid, number, temporary_number, id_number, id_index, phone, phone_index,
  disability_number, {names})
SELECT {offset} + row_number() OVER (), gen_random_uuid(), {offset} + row_number() OVER (),
  'B' || row_number() OVER (), NULL, NULL, NULL, NULL, NULL, {names}
FROM (SELECT * FROM registry_patient WHERE duty_county = %(county)s AND closed_on IS NULL ORDER BY opened_on LIMIT 1000) p
CROSS JOIN generate_series(1, %(people)s / 1000)
"""
FACTS = (
    "INSERT INTO registry_dutyperiod (duty_township, duty_county, at_township, starts_on, patient_id, township_id, county_id,"
    " reason) SELECT duty_township, duty_county, at_township, opened_on, id, duty_township, duty_county, ''"
    " FROM registry_patient WHERE id > %(offset)s",
    "INSERT INTO registry_patientstatus (uuid, duty_township, duty_county, at_township, starts_on, patient_id, value,"
    " death_cause, reason_code, place, unit) SELECT gen_random_uuid(), duty_township, duty_county, at_township, opened_on, id,"
    " 'managed', '', '', '', '' FROM registry_patient WHERE id > %(offset)s",
    "INSERT INTO registry_socialfact (uuid, duty_township, duty_county, at_township, starts_on, patient_id, kind, holds, source)"
    " SELECT gen_random_uuid(), duty_township, duty_county, at_township, opened_on, id, 'insured', true, ''"
    " FROM registry_patient WHERE id > %(offset)s",
)
ITS_OWN = (
    "id", "uuid", "number", "temporary_number", "id_number", "id_index", "phone", "phone_index", "disability_number",
)  # fmt: skip


def multiply(cursor: Cursor, county: int, people: int) -> None:
    """As superuser, past the triggers: what they keep is copied with the rows."""
    cursor.execute("SET session_replication_role = replica")
    cursor.execute(
        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid ="
        " 'registry_patient'::regclass AND attnum > 0 AND NOT attisdropped AND attname <> ALL (%s)", [list(ITS_OWN)],
    )  # fmt: skip
    (names,) = cursor.fetchone()
    cursor.execute(COPY.format(names=names, offset=OFFSET), {"county": county, "people": people})
    for statement in FACTS:
        cursor.execute(statement, {"offset": OFFSET})
    cursor.execute("SET session_replication_role = origin")
    cursor.execute("VACUUM ANALYZE registry_patient, registry_dutyperiod, registry_patientstatus, registry_socialfact")
