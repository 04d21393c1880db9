"""Every row of a person carries who may see it now and where it was done."""

from django.db import models


class Placed(models.Model):
    """Duty (who may see the row now) follows the patient; `at_township` (where it was done) is never rewritten.

    The three integers are Division keys without a foreign key: row-level security compares them on every read, and
    the triggers of `accounts.walls` fill and keep them, whatever Python says.
    """

    duty_township = models.IntegerField("管理乡镇", default=0, editable=False)
    duty_county = models.IntegerField("管理县区", default=0, editable=False)
    at_township = models.IntegerField("办理乡镇", default=0, editable=False)

    class Meta:
        abstract = True
