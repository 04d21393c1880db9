"""Migration operations that build the database's own walls: policies, places, append-only and partitioned tables."""

from typing import Any

from django.db import migrations
from django.db.migrations.operations.base import Operation

TOWNS = "(SELECT nullif(current_setting('app.townships', true), ''))::int[]"
COUNTIES = "(SELECT nullif(current_setting('app.counties', true), ''))::int[]"
PATIENTS = "(SELECT nullif(current_setting('app.patients', true), ''))::bigint[]"
OFFICES = "(SELECT nullif(current_setting('app.offices', true), ''))::bigint[]"
PERSON_TABLE = "registry_patient"


class _Sql(migrations.RunSQL):
    """A RunSQL that cannot be undone halfway: walls are never taken down one by one."""

    def __init__(self, *statements: str) -> None:
        super().__init__(sql=list(statements), reverse_sql=migrations.RunSQL.noop)


def reach_clause(patient: str) -> str:
    """The three arms: towns, counties, single patients by dated grant. Without a setting nothing is visible."""
    return f"duty_township = ANY ({TOWNS}) OR duty_county = ANY ({COUNTIES}) OR {patient} = ANY ({PATIENTS})"


class Protect(_Sql):
    """Row-level security on a table with a person's data. ENABLEd, not FORCEd: definer functions must see it."""

    def __init__(self, table: str, patient: str = "patient_id") -> None:
        see = reach_clause(patient)
        super().__init__(
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY see ON {table} FOR ALL TO app USING ({see}) WITH CHECK ({see})",
            f"CREATE POLICY whole ON {table} FOR SELECT TO backup USING (true)",
        )


class ProtectHistory(_Sql):
    """History is seen by whoever sees the patient now (or as `seen` says), and written by its triggers only."""

    def __init__(self, table: str, patient: str = "patient_id", seen: str = "") -> None:
        seen = seen.format(table) or f"EXISTS (SELECT 1 FROM {PERSON_TABLE} p WHERE p.id = {table}.{patient})"  # noqa: S608
        super().__init__(
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY see ON {table} FOR SELECT TO app USING ({seen})",
            f"CREATE POLICY whole ON {table} FOR SELECT TO backup USING (true)",
            f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM app",
        )


class KeepPlace(_Sql):
    """Refuse every change of duty that does not come from hand_over()."""

    def __init__(self, table: str) -> None:
        super().__init__(
            f"CREATE TRIGGER keep_place BEFORE UPDATE ON {table} FOR EACH ROW WHEN "
            "(OLD.duty_township <> NEW.duty_township OR OLD.duty_county <> NEW.duty_county) "
            "EXECUTE FUNCTION keep_place()"
        )


class ChildPlace(_Sql):
    """A child row takes its place from the patient on INSERT and keeps it. Needs take_place() of registry's walls."""

    def __init__(self, table: str) -> None:
        super().__init__(
            f"CREATE TRIGGER take_place BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION take_place()",
            *KeepPlace(table).sql,
        )


class HeldPlace(_Sql):
    """As ChildPlace, for rows that come in thousands and say where they lie: held against the patient once a statement.

    Needs place_holds() of the follow-up's walls (docs/adr/0014).
    """

    def __init__(self, table: str) -> None:
        beside = (
            f"SELECT 1 FROM {PERSON_TABLE} p WHERE p.id = {table}.patient_id "  # noqa: S608
            f"AND p.duty_township = {table}.duty_township AND p.duty_county = {table}.duty_county"
        )
        super().__init__(
            f"CREATE TRIGGER take_place BEFORE INSERT ON {table} FOR EACH ROW "
            "WHEN (NEW.duty_township = 0 OR NEW.duty_county = 0 OR NEW.at_township = 0) "
            "EXECUTE FUNCTION take_place()",
            f"CREATE TRIGGER place_holds AFTER INSERT ON {table} REFERENCING NEW TABLE AS made "
            "FOR EACH STATEMENT EXECUTE FUNCTION place_holds()",
            f"CREATE POLICY beside_patient ON {table} AS RESTRICTIVE FOR INSERT TO app WITH CHECK (EXISTS ({beside}))",
            *KeepPlace(table).sql,
        )


class AppendOnly(_Sql):
    """Nobody changes or removes a row: not the application (no grant), not the owner (triggers)."""

    def __init__(self, table: str, *, readable: bool = False) -> None:
        rights = "UPDATE, DELETE" if readable else "SELECT, UPDATE, DELETE"
        super().__init__(
            f"REVOKE {rights} ON {table} FROM app",
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION append_only()",
            f"CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
        )


class NoWrites(_Sql):
    """A table of a library that our role must not write (guardian's own grants, pghistory's context)."""

    def __init__(self, table: str) -> None:
        super().__init__(f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM app")


class MakePartitions(_Sql):
    """Months of a partitioned table: some back for imports of the past, thirteen ahead."""

    def __init__(self, table: str, months_back: int = 0, months_ahead: int = 13) -> None:
        super().__init__(
            f"SELECT make_partitions('{table}', (current_date - interval '{months_back} months')::date, "
            f"{months_back + months_ahead})"
        )


class CreatePartitionedModel(migrations.CreateModel):
    """CreateModel with PARTITION BY RANGE; key and indexes come from the model as usual."""

    # All arguments by name: makemigrations writes those that it finds named here.
    def __init__(
        self, name: str, fields: Any, options: Any = None, bases: Any = None, managers: Any = None, by: str = "at"
    ) -> None:
        super().__init__(name, fields, options=options, bases=bases, managers=managers)
        self.by = by

    def deconstruct(self) -> Any:
        name, args, kwargs = super().deconstruct()
        return name, args, {**kwargs, "by": self.by}

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        plain = schema_editor.sql_create_table
        schema_editor.sql_create_table = f"{plain} PARTITION BY RANGE ({self.by})"
        try:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        finally:
            schema_editor.sql_create_table = plain

    def reduce(self, operation: Operation, app_label: str) -> Any:
        return False


FOUNDATION = """
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501'; END $$;

CREATE FUNCTION keep_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_user <> 'owner' THEN
    RAISE EXCEPTION 'duty township moves only by hand_over()' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION make_partitions(parent regclass, first date, months int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE m date := date_trunc('month', first); made int := 0; child text;
BEGIN
  IF (SELECT relkind FROM pg_class WHERE oid = parent) <> 'p' THEN RAISE EXCEPTION 'not partitioned'; END IF;
  FOR i IN 1..months LOOP
    child := format('%s_%s', parent::text, to_char(m, 'YYYYMM'));
    IF to_regclass(child) IS NULL THEN
      EXECUTE format('CREATE TABLE %I PARTITION OF %s FOR VALUES FROM (%L) TO (%L)', child, parent,
                     m::timestamp AT TIME ZONE 'Asia/Shanghai',
                     (m + interval '1 month')::timestamp AT TIME ZONE 'Asia/Shanghai');
      EXECUTE format('REVOKE ALL ON %I FROM app', child);
      EXECUTE format('REVOKE ALL ON %I FROM app_partner', child);
      made := made + 1;
    END IF;
    m := m + interval '1 month';
  END LOOP;
  RETURN made;
END $$;
GRANT EXECUTE ON FUNCTION make_partitions(regclass, date, int) TO app;
"""
