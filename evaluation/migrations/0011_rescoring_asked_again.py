"""A request to score again that was taken back does not stand in the way of a second one."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0010_session_has_regulation")]
    operations = [
        migrations.AlterField(
            model_name="rescoring",
            name="sheet",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rescorings",
                to="evaluation.sheet",
            ),
        ),
        migrations.AddConstraint(
            model_name="rescoring",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("sheet",),
                name="rescoring_once_in_force",
            ),
        ),
    ]
