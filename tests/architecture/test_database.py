"""The second wall, read from the catalog of the migrated database as the role `app` sees it."""

import pytest
from django.apps import apps
from django.db import connection

from accounts.terms import FieldGroup

from .source import APPS

pytestmark = pytest.mark.django_db

PERSONAL = set(FieldGroup) - {FieldGroup.TECHNICAL, FieldGroup.AGGREGATE, FieldGroup.TRAIL}
PATIENT = "registry_patient"
ARMS = ("app.townships", "app.counties", "app.patients")
# Personal, but not a patient's: staff and offices.
NOT_OF_PATIENTS = {"accounts_user", "accounts_agency"}


def rows(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def tables_with(column):
    """Ordinary and partitioned tables that hold the column; partitions are judged by their parent and by grants."""
    found = rows(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition "
        "AND a.attname = %s AND NOT a.attisdropped ORDER BY 1",
        column,
    )
    return [name for (name,) in found]


def event_tables():
    return {m._meta.db_table for app in APPS for m in apps.get_app_config(app).get_models() if is_history(m)}


def is_history(model):
    return hasattr(model, "pgh_tracked_model")


def policies(table):
    """Those that open something; a restrictive one only takes away from them."""
    return rows(
        "SELECT polname, polcmd, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid), "
        "ARRAY(SELECT rolname FROM pg_roles WHERE oid = ANY (polroles)) "
        "FROM pg_policy WHERE polpermissive AND polrelid = %s::regclass",
        table,
    )


def is_walled(table):
    ((enabled, forced),) = rows(
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", table
    )
    return enabled and not forced


def may(role, table, right):
    return rows("SELECT has_table_privilege(%s, %s::regclass, %s)", role, table, right)[0][0]


def test_the_suite_runs_as_the_applications_role():
    assert rows("SELECT current_user, session_user") == [("app", "app")]


def test_app_is_no_more_than_it_must_be():
    found = rows(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolinherit FROM pg_roles "
        "WHERE rolname IN ('app', 'app_partner') ORDER BY 1"
    )
    assert found[0] == ("app", False, False, False, False, False)
    assert found[1][:5] == ("app_partner", False, False, False, False)
    members = rows(
        "SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid "
        "JOIN pg_roles r ON r.oid = m.member WHERE r.rolname IN ('app', 'app_partner')"
    )
    assert members == [("app_partner",)]


def test_app_owns_nothing():
    owned = rows(
        "SELECT 'class', relname::text FROM pg_class WHERE relowner::regrole::text IN ('app', 'app_partner') "
        "AND relpersistence <> 't' "
        "UNION ALL SELECT 'proc', proname FROM pg_proc WHERE proowner::regrole::text IN ('app', 'app_partner') "
        "UNION ALL SELECT 'schema', nspname FROM pg_namespace WHERE nspowner::regrole::text IN ('app', 'app_partner') "
        "AND nspname !~ '^pg_(toast_)?temp' "
        "UNION ALL SELECT 'database', datname FROM pg_database WHERE datdba::regrole::text IN ('app', 'app_partner')"
    )
    assert owned == []
    assert rows("SELECT has_schema_privilege('app', 'public', 'CREATE')") == [(False,)]


def test_no_function_of_ours_is_executable_by_everyone():
    found = rows(
        "SELECT p.oid::regprocedure::text "
        "FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a "
        "WHERE p.pronamespace = 'public'::regnamespace AND a.grantee = 0 AND a.privilege_type = 'EXECUTE' "
        "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
    )
    assert found == []


def test_definer_functions_fix_their_search_path():
    found = rows(
        "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace "
        "AND NOT coalesce(p.proconfig::text, '') LIKE '%%search_path=%%pg_temp%%'"
    )
    assert found == []


def test_owners_views_that_partners_read_are_barriers():
    """A view runs with its owner's rights: without a barrier a cheap function in WHERE would see the hidden rows."""
    found = rows(
        "SELECT c.relname FROM pg_class c WHERE c.relkind = 'v' AND c.relnamespace = 'public'::regnamespace "
        "AND NOT coalesce(c.reloptions::text, '') ~ 'security_(barrier|invoker)=(true|on|1)' "
        "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"
    )
    assert found == []


def test_every_placed_table_has_its_county_and_is_walled():
    placed = tables_with("duty_township")
    assert PATIENT in placed
    assert len(placed) > 10
    assert sorted(set(placed) - set(tables_with("duty_county"))) == []
    assert [t for t in placed if not is_walled(t)] == []


def test_every_placed_tables_policy_has_three_arms_for_reading_and_writing():
    wrong = {}
    for table in tables_with("duty_township"):
        of_app = [p for p in policies(table) if p[4] == ["app"]]
        good = [
            p for p in of_app
            if p[1] == "*" and all(arm in (p[2] or "") and arm in (p[3] or p[2]) for arm in ARMS)
            and (p[2] or "").count("NULLIF(") >= 3
        ]  # fmt: skip
        if len(of_app) != 1 or good != of_app:
            wrong[table] = of_app
    assert wrong == {}


def _triggers(table):
    found = rows(
        "SELECT p.proname, t.tgenabled FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE t.tgrelid = %s::regclass AND NOT t.tgisinternal",
        table,
    )
    return dict(found)


def test_every_placed_table_takes_and_keeps_its_place():
    keeps = {t: _triggers(t).get("keep_place") for t in tables_with("duty_township")}
    assert {t: e for t, e in keeps.items() if e != "O"} == {}
    children = [t for t in tables_with("duty_township") if t in set(tables_with("patient_id"))]
    takes = {t: _triggers(t).get("take_place") or _triggers(t).get("take_place_of_clue") for t in children}
    assert {t: e for t, e in takes.items() if e != "O"} == {}


def test_every_table_that_names_a_patient_is_walled():
    """Either its rows are seen through a policy, or the application may not read it at all."""
    open_tables = [t for t in tables_with("patient_id") if not is_walled(t) and may("app", t, "SELECT")]
    assert open_tables == []


def test_every_table_with_personal_fields_is_walled():
    """The models say which fields are personal; the catalog says whether the table is protected."""
    wrong = []
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            said = getattr(getattr(model, "pgh_tracked_model", model), "privacy", {})
            table = model._meta.db_table
            if not PERSONAL & set(said.values()) or table in NOT_OF_PATIENTS or not model._meta.managed:
                continue
            if not is_walled(table) and may("app", table, "SELECT"):
                wrong.append(table)
    assert wrong == []


def test_history_is_seen_through_the_patient_and_written_by_triggers_only():
    tables = {t for t in event_tables() if "patient_id" in _columns(t) or t == "registry_patientevent"}
    assert tables
    wrong = [
        t for t in sorted(tables)
        if not is_walled(t)
        or [p[1] for p in policies(t) if p[4] == ["app"]] != ["r"]
        or PATIENT not in "".join(p[2] for p in policies(t) if p[4] == ["app"])
    ]  # fmt: skip
    assert wrong == []


@pytest.mark.parametrize("right", ["INSERT", "UPDATE", "DELETE", "TRUNCATE"])
def test_history_cannot_be_written_by_hand(right):
    assert [t for t in sorted(event_tables()) if may("app", t, right)] == []


def test_encrypted_columns_never_enter_the_history():
    from accounts.models.fields import EncryptedField

    wrong = []
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            if is_history(model):
                sealed = {f.name for f in model.pgh_tracked_model._meta.fields if isinstance(f, EncryptedField)}
                wrong += [f"{model._meta.label}.{n}" for n in sealed & {f.name for f in model._meta.fields}]
    assert wrong == []


def _columns(table):
    return {n for (n,) in rows("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0", table)}
