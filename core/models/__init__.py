from core.models.audit import AuditEntry
from core.models.jobs import Job
from core.models.named import NamedModel
from core.models.notices import Notice, NoticePreference
from core.models.units import AdminUnit, UnitAlias

__all__ = ["AdminUnit", "AuditEntry", "Job", "NamedModel", "Notice", "NoticePreference", "UnitAlias"]
