"""One JSON line per event on standard error: ids and counts, never the text of a message or a secret."""

import logging
import sys

import structlog


def configure_logs() -> None:
    """Sends our own events and the libraries' warnings to standard error, a line each."""
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.WARNING,
        format='{"level":"%(levelname)s","logger":"%(name)s","event":"%(message)s"}',
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
