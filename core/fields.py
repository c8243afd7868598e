"""Columns used by more than one app."""

from django.db import models

from core.text import nfc


class NFCCharField(models.CharField):
    """Text kept in NFC, so that equal words are equal bytes whatever keyboard typed them."""

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return nfc(value) if isinstance(value, str) else value

    def clean(self, value, model_instance):
        return super().clean(nfc(value) if isinstance(value, str) else value, model_instance)
