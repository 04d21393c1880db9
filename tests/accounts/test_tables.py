"""CreateTables: all tables of an app in one operation, whatever hangs on what."""

from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState
from pgtrigger.compiler import Trigger, UpsertTriggerSql

from accounts.tables import CreateTables

STAMP = Trigger(
    name="stamp",
    sql=UpsertTriggerSql(
        func="RETURN NEW;",
        hash="0",
        operation="INSERT",
        pgid="pgtrigger_stamp_00000",
        table="accounts_hen",
        when="BEFORE",
    ),
)


def table(name: str, other: str, options: dict[str, object]) -> migrations.CreateModel:
    link = models.ForeignKey(f"accounts.{other}", models.PROTECT, null=True, related_name="+")
    return migrations.CreateModel(name, [("id", models.BigAutoField(primary_key=True)), (other, link)], options)


def both_ways() -> CreateTables:
    one = models.UniqueConstraint(fields=["egg"], name="hen_one_egg")
    few = models.Index(fields=["hen"], name="egg_of_hen")
    return CreateTables([table("Hen", "egg", {"constraints": [one], "triggers": [STAMP]}),
                         table("Egg", "hen", {"indexes": [few]})])  # fmt: skip


def collected(forwards: bool) -> str:
    before, after = ProjectState(), ProjectState()
    operation = both_ways()
    _ = after.apps  # drawn before: the operation must not draw it after each table, nor keep the old drawing
    operation.state_forwards("accounts", after)
    assert "apps" not in after.__dict__
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        if forwards:
            operation.database_forwards("accounts", editor, before, after)
        else:
            operation.database_backwards("accounts", editor, after, before)
    return "\n".join(editor.collected_sql)


def test_tables_point_at_each_other_with_all_they_have(db):
    sql = collected(forwards=True)
    assert sql.index('CREATE TABLE "accounts_hen"') < sql.index('CREATE TABLE "accounts_egg"')
    for word in ('"hen_one_egg" UNIQUE', 'CREATE INDEX "egg_of_hen"', "pgtrigger_stamp_00000"):
        assert word in sql
    assert sql.count("ADD CONSTRAINT") == 2  # a foreign key each way, once both tables stand


def test_the_last_table_goes_first(db):
    sql = collected(forwards=False)
    assert sql.index('DROP TABLE "accounts_egg"') < sql.index('DROP TABLE "accounts_hen"')
