"""The key entities are compared by, anew: "HTX NN" and "Hợp tác xã nông nghiệp" now lose the same words."""

from django.db import migrations

from products.names import match_name


def fill(apps, schema_editor):
    Entity = apps.get_model("products", "Entity")
    for entity in Entity.objects.only("pk", "name", "match_name").iterator(chunk_size=2000):
        key = match_name(entity.name)[:300]
        if key != entity.match_name:
            Entity.objects.filter(pk=entity.pk).update(match_name=key)


class Migration(migrations.Migration):

    dependencies = [("products", "0005_product_set_guessed")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
