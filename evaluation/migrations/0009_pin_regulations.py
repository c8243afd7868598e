"""Sessions that have begun keep the regulation they began under (in a step of its own: PostgreSQL does not
change a table whose rows were written in the same transaction)."""

from django.db import migrations

PIN = """
    UPDATE evaluation_session s SET regulation_id = c.regulation_id
    FROM evaluation_council c WHERE c.id = s.council_id AND s.state <> 'planned' AND s.regulation_id IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0008_council_to_certificate")]
    operations = [migrations.RunSQL(PIN, migrations.RunSQL.noop)]
