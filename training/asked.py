"""What the address of a list behind a number asks for: stars, family, set, channel, month of expiry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from products.enums import SalesChannel
from training.indicators import Computed


@dataclass(frozen=True)
class Facts:
    """What the filters ask of a recognition, as it was when figures were closed."""

    star: int
    family: str
    number: int | None
    channels: tuple[str, ...]
    expires: str
    """Its month, as "2026-08"; empty without end."""


@dataclass(frozen=True)
class Asked:
    """Filters of recognitions; None and empty ask for nothing."""

    star: int | None = None
    family: str = ""
    number: int | None = None
    channel: str = ""
    month: date | None = None

    @property
    def condition(self) -> Q:
        """On the records of today."""
        condition = Q()
        if self.star:
            condition &= Q(star=self.star)
        if self.family:
            condition &= Q(product__product_set__family=self.family)
        if self.number is not None:
            condition &= Q(product__product_set__number=self.number)
        if self.channel:
            condition &= Q(product__sales_channels__contains=[self.channel])
        if self.month:
            condition &= Q(expires_on__year=self.month.year, expires_on__month=self.month.month)
        return condition

    def admits(self, facts: Facts | None) -> bool:
        """The same of a record as it was kept."""
        if facts is None or self == Asked():
            return True
        return (
            (not self.star or facts.star == self.star)
            and (not self.family or facts.family == self.family)
            and (self.number is None or facts.number == self.number)
            and (not self.channel or self.channel in facts.channels)
            and (not self.month or facts.expires == f"{self.month:%Y-%m}")
        )

    @property
    def address(self) -> dict[str, str | int]:
        """As an address asks for the same."""
        month = f"{self.month:%Y-%m}" if self.month else ""
        asked = {"star": self.star, "family": self.family, "channel": self.channel, "expires": month}
        number = {} if self.number is None else {"set": self.number}
        return {name: value for name, value in asked.items() if value} | number

    @property
    def words(self) -> list[str]:
        return [
            *([f"{self.star} sao"] if self.star else []),
            *([f"ngành {self.family}"] if self.family else []),
            *([f"bộ {self.number}"] if self.number is not None else []),
            *([f"bán qua kênh: {SalesChannel(self.channel).label.lower()}"] if self.channel else []),
            *([f"hết hạn tháng {self.month:%m/%Y}"] if self.month else []),
        ]


def asked_of(computed: Computed, query: Mapping[str, str]) -> Asked:
    """Read from an address; what does not make sense is ignored, for people type addresses too."""
    if computed.source.name != "recognitions":
        return Asked()
    star, number, channel = query.get("star", ""), query.get("set", ""), query.get("channel", "")
    return Asked(
        star=int(star) if star in ("3", "4", "5") else None,
        family=query.get("family", ""),
        number=int(number) if number.isdecimal() and len(number) <= 3 else None,
        channel=channel if channel in SalesChannel else "",
        month=_month(query.get("expires", "")),
    )


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
