"""What training does when something happens below (events declared by `products`)."""

from typing import Any

from django.dispatch import receiver

from products import signals
from products.models import Entity
from training.models import RegisterPerson


@receiver(signals.entities_merged)
def move_register_persons(keep: Entity, drop: Entity, **kwargs: Any) -> None:
    """People listed for the entity that was merged away are listed for the one that stays."""
    RegisterPerson.objects.filter(entity=drop).update(entity=keep)
