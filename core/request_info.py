"""Where the present request comes from, for the audit log; empty outside a request."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class RequestInfo:
    ip: str | None = None
    path: str = ""


NOWHERE = RequestInfo()
current: ContextVar[RequestInfo] = ContextVar("request_info", default=NOWHERE)
