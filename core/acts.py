"""The acts of the log in words. Each room names its own; the log's page shows them all."""

from collections.abc import Mapping

_labels: dict[str, str] = {"refused": "Bị từ chối"}


def add_acts(labels: Mapping[str, str]) -> None:
    """Name acts: verb -> words for the person who reads the log; called once by each app's `frame.py`."""
    _labels.update(labels)


def label_of(verb: str) -> str:
    """What an act is called; the verb itself when nobody named it."""
    return _labels.get(verb, verb)


def labels() -> dict[str, str]:
    """Every named act."""
    return dict(_labels)


def verbs_like(words: str) -> list[str]:
    """Verbs whose label holds the words, whatever their case."""
    asked = words.casefold().strip()
    return [verb for verb, label in _labels.items() if asked in label.casefold()]
