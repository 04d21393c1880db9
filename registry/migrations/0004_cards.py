from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_clues")]

    operations: list[object] = []
