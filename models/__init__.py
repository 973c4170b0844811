"""Every table; importing this package makes the metadata whole, in the order the migrations expect."""

from sqlmodel import SQLModel

# Constraints get names that Alembic can find again on both databases.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

from models import (  # noqa: E402 the names above must come first
    audit,
    binding,
    customer,
    enterprise,
    enterprise_visit,
    estate,
    grid,
    group,
    indicator,
    job,
    kf,
    login,
    media,
    message,
    okr,
    outside,
    period,
    person,
    plan,
    platform,
    report_follower,
    result,
    routing,
    ticket,
    unit,
    voice,
)

__all__ = [
    "audit",
    "binding",
    "customer",
    "enterprise",
    "enterprise_visit",
    "estate",
    "grid",
    "group",
    "indicator",
    "job",
    "kf",
    "login",
    "media",
    "message",
    "okr",
    "outside",
    "period",
    "person",
    "plan",
    "platform",
    "report_follower",
    "result",
    "routing",
    "ticket",
    "unit",
    "voice",
]
