"""Reads what officers type about their key results: exactly, or it asks back."""

from domain.report.owners import added_to, answer_doubt, names_unit, numbers_own, read_report, read_report_again
from domain.report.shapes import (
    UNIT_NUMBERS,
    Answer,
    Doubt,
    DoubtKind,
    Entry,
    Line,
    Option,
    Outcome,
    Reading,
    code_of,
    doubt_from_json,
    doubt_to_json,
    entry_from_json,
    entry_to_json,
)

__all__ = [
    "UNIT_NUMBERS",
    "Answer",
    "Doubt",
    "DoubtKind",
    "Entry",
    "Line",
    "Option",
    "Outcome",
    "Reading",
    "added_to",
    "answer_doubt",
    "code_of",
    "doubt_from_json",
    "doubt_to_json",
    "entry_from_json",
    "entry_to_json",
    "names_unit",
    "numbers_own",
    "read_report",
    "read_report_again",
]
