"""A file's first due date follows its opening when that changes, and only then.

Saving a patient writes every column. The trigger took that for a changed opening and put a file that had been moved, and
was due two weeks after the move, back to two weeks after its opening.
"""

from django.db import migrations

FIRST_DUE = """
CREATE OR REPLACE FUNCTION followup_first_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.opened_on = OLD.opened_on THEN RETURN NEW; END IF;
  END IF;
  IF NEW.last_visit_on IS NULL THEN
    NEW.next_due_on := NEW.opened_on + 14;
    NEW.due_reason := '建档后两周内首次随访';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("followup", "0008_import_links")]
    operations = [migrations.RunSQL(FIRST_DUE, migrations.RunSQL.noop)]
