"""One JSON line per event on standard error: ids and counts, never the text of a message or a secret."""

import logging
import re
import sys
import traceback
from pathlib import PurePath
from typing import Any

import structlog
from structlog.typing import EventDict

# Addresses of WeCom's API carry secrets and tokens behind the question mark.
_QUERY = re.compile(r"\?\S*")
# Legal inside JSON, and yet the end of a line to some readers.
_LINE_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}


def configure_logs() -> None:
    """Sends our own events and the libraries' warnings to standard error, a line each."""
    logging.basicConfig(handlers=[_IntoEvents()], level=logging.WARNING)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _name_exception,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: _StandardError(),
        cache_logger_on_first_use=True,
    )


class _StandardError:
    """Writes to whatever standard error is at that moment; a lone surrogate must not cost the line."""

    def msg(self, line: str) -> None:
        line = line.translate(_LINE_ENDS).encode("utf-8", "backslashreplace").decode()
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()

    debug = info = warning = error = critical = exception = msg


class _IntoEvents(logging.Handler):
    """Turns what libraries log into events of ours, without the texts of exceptions and without queries."""

    def emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.args, tuple):
            record.args = tuple(type(arg).__name__ if isinstance(arg, BaseException) else arg for arg in record.args)
        event = _QUERY.sub("?…", record.getMessage())
        log = structlog.get_logger()
        log.log(record.levelno, event, logger=record.name, exc_info=record.exc_info)


def _name_exception(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Says which exception came from where, without its text: that may quote a message, a row or a secret."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    named: list[dict[str, object]] = []
    while isinstance(error, BaseException) and len(named) < 5:
        places = [
            f"{'/'.join(PurePath(one.filename).parts[-2:])}:{one.lineno}"
            for one in traceback.extract_tb(error.__traceback__)
        ]
        named.append({"type": type(error).__name__, "places": places})
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if named:
        event["exceptions"] = named
    return event
