"""What the roles may do with whole tables: the trail only grows, partners read views, libraries' tables are closed."""

import pytest

from .test_database import event_tables, may, rows, tables_with

pytestmark = pytest.mark.django_db

WRITES = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")
TRAIL = ("accounts_auditevent", "accounts_accesslog")
# What a partner's own pages write: the trail of the reading, and the office's answers.
PARTNER_MAY_READ_PLACED = ()


def _tables():
    found = rows(
        "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'p') "
        "AND relnamespace = 'public'::regnamespace ORDER BY 1"
    )
    return [name for (name,) in found]


@pytest.mark.parametrize("role", ["app", "app_partner"])
def test_nobody_truncates(role):
    assert [t for t in _tables() if may(role, t, "TRUNCATE")] == []


@pytest.mark.parametrize("table", TRAIL)
def test_the_trail_only_grows(table):
    assert [right for right in WRITES if may("app", table, right)] == ["INSERT"]
    assert [right for right in WRITES if may("app_partner", table, right)] == ["INSERT"]


def test_the_access_log_is_not_read_by_the_application():
    assert not may("app", "accounts_accesslog", "SELECT")
    assert not may("app_partner", "accounts_accesslog", "SELECT")


def test_months_of_partitioned_tables_are_closed_one_by_one():
    parts = rows(
        "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relispartition AND c.relkind = 'r' "
        "AND c.relnamespace = 'public'::regnamespace"
    )
    assert len(parts) >= 13
    rights = ("SELECT", *WRITES)
    open_parts = [p for (p,) in parts for role in ("app", "app_partner") for r in rights if may(role, p, r)]
    assert open_parts == []


def test_partitions_reach_two_months_ahead():
    for (parent,) in rows("SELECT partrelid::regclass::text FROM pg_partitioned_table"):
        reach = rows(
            "SELECT count(*) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = %s::regclass "
            "AND right(c.relname, 6) >= to_char(now() AT TIME ZONE 'Asia/Shanghai' + interval '2 months', 'YYYYMM')",
            parent,
        )
        assert reach[0][0] >= 1, parent


@pytest.mark.parametrize("table", ["guardian_userobjectpermission", "guardian_groupobjectpermission"])
def test_guardians_own_tables_are_closed(table):
    assert [right for right in WRITES if may("app", table, right)] == []


def test_a_partner_reads_no_table_with_patients():
    """Partners read what exchange disclosed to their office, never a register table."""
    closed = set(tables_with("duty_township")) | set(tables_with("patient_id")) | event_tables()
    readable = [t for t in sorted(closed) if may("app_partner", t, "SELECT") and not t.startswith("exchange_")]
    assert readable == []


def test_a_partner_writes_only_answers_and_the_trail():
    written = {t: [r for r in WRITES if may("app_partner", t, r)] for t in _tables()}
    own = ("exchange_", "accounts_accesslog", "accounts_auditevent", "accounts_session", "django_session")
    assert {t: r for t, r in written.items() if r and not t.startswith(own)} == {}


def test_what_a_partner_can_read_has_no_clinical_column():
    clinical = {
        "symptoms", "insight", "sleep", "diet", "adherence", "side_effect", "side_effect_text", "effect", "lab",
        "lab_text", "drugs", "guidance", "rehab", "basis", "diagnosis", "icd10", "code", "stability", "next_due_on",
        "due_reason", "id_number", "id_index", "diagnosed_on", "diagnosing_hospital",
    }  # fmt: skip
    found = rows(
        "SELECT c.oid::regclass::text, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 "
        "AND NOT a.attisdropped AND has_column_privilege('app_partner', c.oid, a.attnum, 'SELECT')"
    )
    leaks = [(t, c) for t, c in found if c in clinical and not t.startswith("accounts_")]
    assert leaks == []
