from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0009_pin_regulations")]
    operations = [
        migrations.AddConstraint(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'planned'), ('regulation__isnull', False), _connector='OR'), name='session_begun_has_regulation'),
        ),
    ]
