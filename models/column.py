"""Column types that mean the same on SQLite and PostgreSQL."""

import json
import zlib
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, LargeBinary, String
from sqlalchemy.types import TypeDecorator

S = TypeVar("S", bound=StrEnum)

# SQLite gives row ids only to a column declared INTEGER; PostgreSQL needs BIGINT for what never stops growing.
BigId = BigInteger().with_variant(Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant in UTC; refuses a naive one, since SQLite would lose the zone in silence."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant must carry its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class FixedDecimal(TypeDecorator[Decimal]):
    """A number with six decimals, stored as an integer, so that both databases sum and compare it exactly."""

    impl = BigInteger
    cache_ok = True
    places = 6

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        return int(Decimal(value).scaleb(self.places).to_integral_value(ROUND_HALF_UP))

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-self.places).normalize() + 0


def state_type(states: type[S]) -> type[TypeDecorator[S]]:
    """Stores an enum by its value as plain text: no database type that a migration would have to keep in step."""

    class StateType(TypeDecorator[S]):
        impl = String(32)
        cache_ok = True

        def process_bind_param(self, value: S | None, dialect: Dialect) -> str | None:
            return None if value is None else states(value).value

        def process_result_value(self, value: str | None, dialect: Dialect) -> S | None:
            return None if value is None else states(value)

    return StateType


class PackedJson(TypeDecorator[Any]):
    """Records of texts, whole numbers, lists and mappings, compressed: for what is large and read as a whole."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        return zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), level=1)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(zlib.decompress(value))
