"""Closing a period: what it is computed from, the draft with what is missing, and the workbook of a result."""

from services.assessment.announce import announce, hold, private_words
from services.assessment.draft import Drafted, draft, period_named, recomputed_hash, result_named
from services.assessment.due import periods_to_announce, periods_to_close
from services.assessment.export import export_result
from services.assessment.stored import newest_result

__all__ = [
    "Drafted",
    "announce",
    "draft",
    "export_result",
    "hold",
    "newest_result",
    "period_named",
    "periods_to_announce",
    "periods_to_close",
    "private_words",
    "recomputed_hash",
    "result_named",
]
