"""Names of accounts in search form and Vietnamese order, for the administrator's list."""

from django.db import migrations, models

from core.text import search_key, sort_key


def fill(apps, schema_editor):
    users = apps.get_model("accounts", "User")
    rows = list(users.objects.only("pk", "full_name"))
    for row in rows:
        row.search_name, row.sort_name = search_key(row.full_name)[:150], sort_key(row.full_name)
    users.objects.bulk_update(rows, ["search_name", "sort_name"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_first_release")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="search_name",
            field=models.CharField(default="", editable=False, max_length=150),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="user",
            name="sort_name",
            field=models.TextField(db_collation="C", default="", editable=False),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
