"""Closing a period: what it is computed from, the draft with what is missing, and the workbook of a result."""

from services.assessment.draft import Drafted, draft, period_named, recomputed_hash, result_named
from services.assessment.export import export_result
from services.assessment.stored import newest_result

__all__ = [
    "Drafted",
    "draft",
    "export_result",
    "newest_result",
    "period_named",
    "recomputed_hash",
    "result_named",
]
