"""A row that people call by its name."""

from django.db import models

from core.fields import NFCCharField
from core.text import search_key, sort_key


class NamedModel(models.Model):
    """Name with its search form (no diacritics) and its Vietnamese sort key, kept in step by `save`."""

    name = NFCCharField("tên", max_length=300)
    search_name = models.CharField(max_length=300, editable=False, db_index=True)
    sort_name = models.TextField(editable=False, db_collation="C")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def save(self, *args, update_fields=None, **kwargs):
        self.fill_keys()
        if update_fields is not None and "name" in update_fields:
            update_fields = {*update_fields, "search_name", "sort_name"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def fill_keys(self) -> None:
        """Set the two keys from the name; callers of `bulk_create` do it themselves."""
        self.search_name = search_key(self.name)[:300]
        self.sort_name = sort_key(self.name)
