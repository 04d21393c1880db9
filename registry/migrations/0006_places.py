from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_people")]

    operations: list[object] = []
