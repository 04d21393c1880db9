from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("followup", "0002_walls")]

    operations: list[object] = []
