"""The colour that a patient's row carries for lists and the head of the page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_walls"),
        ("registry", "0008_duplicates"),
    ]

    operations = [
        migrations.AddField(
            model_name="patient",
            name="colour",
            field=models.CharField(
                blank=True,
                choices=[("red", "红色"), ("orange", "橙色"), ("yellow", "黄色"), ("green", "绿色"), ("grey", "灰色")],
                db_default="",
                default="",
                max_length=6,
                verbose_name="动态分色",
            ),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.CheckConstraint(
                condition=models.Q(("colour__in", ["", "red", "orange", "yellow", "green", "grey"])),
                name="patient_colour_known",
            ),
        ),
    ]
