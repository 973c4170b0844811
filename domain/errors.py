"""Faults that the person concerned can put right."""


class DomainError(Exception):
    """A rule of ours says no; the message is Chinese, says what to do next, and is shown as it is."""
