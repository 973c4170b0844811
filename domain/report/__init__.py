"""Reads what officers type about their key results: exactly, or it asks back."""

from domain.report.answer import answer_doubt
from domain.report.read import added_to, read_report
from domain.report.shapes import (
    Answer,
    Doubt,
    DoubtKind,
    Entry,
    Line,
    Option,
    Outcome,
    Reading,
    doubt_from_json,
    doubt_to_json,
    entry_from_json,
    entry_to_json,
)

__all__ = [
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
    "doubt_from_json",
    "doubt_to_json",
    "entry_from_json",
    "entry_to_json",
    "read_report",
]
