"""Classes kept before half-days: each of their days gets two, and who "attended" was there at all of them."""

from datetime import time, timedelta

from django.db import migrations
from django.utils import timezone

# A longer span is a series whose days nobody wrote down: one half-day stands for it.
MOST_DAYS = 5
HALVES = (("am", time(7, 30), time(11, 30)), ("pm", time(13, 30), time(17, 0)))


def give_half_days(apps, schema_editor):
    Class = apps.get_model("training", "TrainingClass")
    HalfDay = apps.get_model("training", "HalfDay")
    Presence = apps.get_model("training", "Presence")
    for held in Class.objects.filter(enrolments__isnull=False).distinct():
        halves = [
            HalfDay.objects.create(training_class=held, day=day, part=part, starts_at=begin, ends_at=end)
            for day, part, begin, end in _halves(held)
        ]
        came = held.enrolments.filter(attended=True)
        Presence.objects.bulk_create(
            Presence(enrolment=enrolment, half_day=half, source="hand", confirmed_at=timezone.now())
            for enrolment in came
            for half in halves
        )
        came.update(present_halves=len(halves))
    Class.objects.filter(ends_on__lt=timezone.localdate()).update(state="finished")


def _halves(held):
    length = (held.ends_on - held.starts_on).days + 1
    if length > MOST_DAYS:
        return [(held.ends_on, *HALVES[0])]
    days = [held.starts_on + timedelta(days=number) for number in range(length)]
    return [(day, *half) for day in days for half in HALVES]


class Migration(migrations.Migration):
    dependencies = [("training", "0004_classes_by_half_days")]

    operations = [migrations.RunPython(give_half_days, migrations.RunPython.noop)]
