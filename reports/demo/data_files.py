"""Reading the YAML files of the demonstration province."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).resolve().parent / "data"


@cache
def read(name: str) -> Any:
    """The content of one data file, by its name without ending. Callers do not change it."""
    return yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))


def entities() -> list[dict[str, Any]]:
    """Entities with their products, as `data/entities.yaml` explains them."""
    return read("entities")
