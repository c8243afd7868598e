"""What PostgreSQL must bring along."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies: list = []
    operations = [UnaccentExtension(), TrigramExtension(), BtreeGistExtension()]
