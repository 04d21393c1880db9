from django.db import migrations, models


class Migration(migrations.Migration):
    """The few records that note a death, for 今日工作."""

    dependencies = [("followup", "0010_plan_ended_because")]

    operations = [
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(
                condition=models.Q(("died_on__isnull", False), ("is_current", True)),
                fields=["duty_township"],
                name="visit_deaths",
            ),
        ),
    ]
