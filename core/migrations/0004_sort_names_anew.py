"""The key names are listed by, anew: the blank between two words now sorts before every letter."""

from django.db import migrations

from core.text import sort_key


def fill(apps, schema_editor):
    AdminUnit = apps.get_model("core", "AdminUnit")
    for unit in AdminUnit.objects.only("pk", "name", "sort_name").iterator(chunk_size=2000):
        key = sort_key(unit.name)
        if key != unit.sort_name:
            AdminUnit.objects.filter(pk=unit.pk).update(sort_name=key)


class Migration(migrations.Migration):

    dependencies = [("core", "0003_notices")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
