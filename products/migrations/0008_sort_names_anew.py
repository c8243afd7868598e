"""The key names are listed by, anew: the blank between two words now sorts before every letter."""

from django.db import migrations

from core.text import sort_key


def fill(apps, schema_editor):
    for name in ("Entity", "Product"):
        model = apps.get_model("products", name)
        for row in model.objects.only("pk", "name", "sort_name").iterator(chunk_size=2000):
            key = sort_key(row.name)
            if key != row.sort_name:
                model.objects.filter(pk=row.pk).update(sort_name=key)


class Migration(migrations.Migration):

    dependencies = [("products", "0007_list_indexes_at_size")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
