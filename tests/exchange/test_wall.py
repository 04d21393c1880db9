"""The database itself, asked without Django as the role of a partner's request."""

import os
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import psycopg2
import pytest

from tests.exchange.conftest import cases_of, deliver, save
from tests.exchange.test_raising import POLICE_A

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(world):
    """A psycopg2 connection of `app` that has become app_partner for the police station of the eastern township."""
    patient = world.patient()
    save(world.worker, patient, 4)
    deliver()
    parts = urlsplit(os.environ["DATABASE_URL"])
    options = dict(parse_qsl(parts.query))
    connection = psycopg2.connect(
        dbname=parts.path.lstrip("/"), user=parts.username, password=parts.password,
        host=options.get("host") or parts.hostname, port=options.get("port") or parts.port,
    )  # fmt: skip
    cursor = connection.cursor()
    cursor.execute("SET ROLE app_partner")

    def ask(sql, *parameters):
        try:
            cursor.execute(sql, parameters)
            rows = cursor.fetchall() if cursor.description else cursor.rowcount
            connection.commit()
            return rows
        except psycopg2.Error as error:
            connection.rollback()
            return str(error).splitlines()[0]

    def as_office(user):
        cursor.execute("SELECT set_config('app.offices', %s, false), set_config('app.user', %s, false)",
                       [f"{{{user.agency_id}}}" if user else "", str(user.pk) if user else ""])  # fmt: skip
        connection.commit()

    ask.as_office, ask.patient, ask.world = as_office, patient, world
    yield ask
    connection.close()


PERSONAL = (
    "registry_patient", "registry_guardian", "registry_patienthistoryevent", "followup_visit", "followup_visitroot",
    "followup_patientyear", "exchange_alert", "exchange_alertentry", "exchange_receipt", "exchange_feedback",
    "exchange_delivery", "exchange_disclosure", "exchange_alerthistoryevent", "accounts_accesslog",
    "accounts_auditevent", "exchange_package", "exchange_packagepart", "exchange_packageletter",
    "exchange_packageoffer", "exchange_packagedownload",
)  # fmt: skip


def test_a_partner_reads_no_table_of_a_person(asked):
    asked.as_office(asked.world.police)
    acts = ("SELECT * FROM {} LIMIT 1", "DELETE FROM {}", "TRUNCATE {}")
    said = {asked(act.format(table)) for table in PERSONAL for act in acts}
    assert said == {f"permission denied for table {table}" for table in PERSONAL}


def test_without_an_office_the_views_are_empty(asked):
    asked.as_office(None)
    for view in ("exchange_inboxcase", "exchange_inboxentry", "exchange_inboxfeedback"):
        assert asked(f"SELECT * FROM {view}") == []
    assert asked("SELECT exchange_see(now())") == [(0,)]


def test_the_views_end_at_the_own_office(asked):
    case = cases_of(asked.patient)[POLICE_A]
    asked.as_office(asked.world.police)
    assert asked("SELECT number FROM exchange_inboxcase") == [(case.number,)]
    asked.as_office(asked.world.police_b)
    assert asked("SELECT number FROM exchange_inboxcase") == []
    assert asked("SELECT signed, who FROM exchange_acknowledge(%s, now())", str(case.uuid)) == [(0, None)]


def test_no_column_of_a_view_is_clinical_or_names_the_person(asked):
    asked.as_office(asked.world.police)
    found = asked("SELECT * FROM exchange_inboxcase") + asked("SELECT * FROM exchange_inboxentry")
    said = " ".join(str(value) for row in found for value in row)
    for secret in ("试验患者", "19900000002", str(asked.patient.uuid), "3组18号", "试验监护人"):
        assert secret not in said


def test_content_comes_out_of_one_function_only_after_signing_and_leaves_a_ledger_line(asked):
    case = cases_of(asked.patient)[POLICE_A]
    asked.as_office(asked.world.police)
    opening = "SELECT count(*) FROM exchange_open(ARRAY[%s]::uuid[], now())"
    assert asked(opening, str(case.uuid)) == [(0,)]
    assert asked("SELECT signed FROM exchange_acknowledge(%s, now())", str(case.uuid)) == [(1,)]
    assert asked(opening, str(case.uuid)) == [(1,)]
    assert asked("SELECT opened, fresh FROM exchange_watch(ARRAY[%s]::uuid[], NULL, now() - interval '1 hour')",
                 str(case.uuid)) == [(1, 0)]  # fmt: skip


def test_the_functions_of_the_health_side_are_closed(asked):
    asked.as_office(asked.world.police)
    for call in ("hand_over(1, 1, 1, 1)", "next_alert_number(1, 2026)", "id_is_known('x')",
                 f"who_saw('{uuid4()}', 1)"):  # fmt: skip
        assert asked(f"SELECT {call}").startswith("permission denied for function")


def test_the_role_cannot_climb(asked):
    asked.as_office(asked.world.police)
    assert asked("SET ROLE owner").startswith("permission denied")
    assert asked("ALTER TABLE exchange_alert DISABLE ROW LEVEL SECURITY").startswith("must be owner")
