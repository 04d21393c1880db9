"""An objection is ended by two people: one says who takes it back and why, another confirms."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from accounts.models.fields import SealedWordsField

BY = [("patient", "本人"), ("guardian", "监护人"), ("relative", "其他近亲属")]

# As in 0009, and: nobody ends it alone, what was proposed and confirmed stays.
STAYS = """
CREATE OR REPLACE FUNCTION objection_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (NEW.uuid, NEW.made_on, NEW.made_by, NEW.about, NEW.words, NEW.entered_at, NEW.entered_by_id)
        IS DISTINCT FROM (OLD.uuid, OLD.made_on, OLD.made_by, OLD.about, OLD.words, OLD.entered_at, OLD.entered_by_id)
     OR OLD.withdrawn_on IS NOT NULL AND
        (NEW.withdrawn_on, NEW.withdrawn_by, NEW.withdrawn_at, NEW.withdrawn_entered_by_id, NEW.closing_on, NEW.closing_by,
         NEW.closing_words, NEW.closing_at, NEW.closing_entered_by_id) IS DISTINCT FROM
        (OLD.withdrawn_on, OLD.withdrawn_by, OLD.withdrawn_at, OLD.withdrawn_entered_by_id, OLD.closing_on, OLD.closing_by,
         OLD.closing_words, OLD.closing_at, OLD.closing_entered_by_id)
  THEN RAISE EXCEPTION 'an objection stays' USING ERRCODE = '42501'; END IF;
  IF OLD.withdrawn_on IS NULL AND NEW.withdrawn_on IS NOT NULL AND
     (OLD.closing_at IS NULL OR NEW.closing_at IS DISTINCT FROM OLD.closing_at
      OR NEW.closing_entered_by_id IS DISTINCT FROM OLD.closing_entered_by_id
      OR NEW.withdrawn_entered_by_id IS NOT DISTINCT FROM OLD.closing_entered_by_id)
  THEN RAISE EXCEPTION 'an objection is ended by two people' USING ERRCODE = '42501'; END IF;
  RETURN NEW;
END $$;
"""
CLOSING = {
    "closing_on": models.DateField(null=True, verbose_name="提议的撤回日期"),
    "closing_by": models.CharField(blank=True, choices=BY, default="", max_length=8, verbose_name="谁要求撤回"),
    "closing_words": SealedWordsField(editable=True, label="objection.closing_words", verbose_name="为什么撤回"),
    "closing_at": models.DateTimeField(null=True, verbose_name="提议时间"),
    "closing_entered_by": models.ForeignKey(
        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL,
        verbose_name="提议人",
    ),
}  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("registry", "0010_inbound"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        *(migrations.AddField("objection", name, field) for name, field in CLOSING.items()),
        migrations.AlterField(
            "objection",
            "withdrawn_entered_by",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL,
                verbose_name="核对人",
            ),
        ),
        migrations.AddConstraint(
            "objection",
            models.CheckConstraint(
                condition=Q(closing_at=None, closing_on=None, closing_by="", closing_entered_by=None)
                | Q(
                    closing_at__isnull=False, closing_on__gte=F("made_on"), closing_by__gt="",
                    closing_entered_by__isnull=False,
                ),
                name="objection_closing_whole",
            ),
        ),
        migrations.AddConstraint(
            "objection",
            models.CheckConstraint(
                condition=Q(closing_entered_by=None)
                | Q(withdrawn_entered_by=None)
                | ~Q(closing_entered_by=F("withdrawn_entered_by")),
                name="objection_two_people",
            ),
        ),
        migrations.RunSQL(STAYS, migrations.RunSQL.noop),
    ]  # fmt: skip
