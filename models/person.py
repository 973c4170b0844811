"""People: members of the county's WeCom, their roles and their days off."""

from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from models.column import UtcDateTime, state_type


class Role(StrEnum):
    """What a person may do beyond their own business; the values are the workbook's words."""

    MEMBER = "成员"
    UNIT_LEADER = "单位负责人"
    OFFICE = "绩效管理员"
    INSPECTOR = "督察"
    PAYROLL = "薪酬"
    SYSTEM_ADMIN = "系统管理员"
    SECURITY_ADMIN = "安全管理员"
    AUDITOR = "审计员"


class Person(SQLModel, table=True):
    """A member; WeCom compares accounts without regard to case, so `account_key` is the lower-cased one."""

    __tablename__ = "person"

    id: int | None = Field(default=None, primary_key=True)
    account: str = Field(max_length=64)
    account_key: str = Field(unique=True, max_length=64)
    name: str = Field(max_length=64, index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    rank: str = Field(default="", max_length=32)
    track: str = Field(default="", max_length=32)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PersonRole(SQLModel, table=True):
    __tablename__ = "person_role"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    role: Role = Field(primary_key=True, sa_type=state_type(Role))


class AbsenceSource(StrEnum):
    CHAT = "chat"
    WORKBOOK = "workbook"


class Absence(SQLModel, table=True):
    """Days on which a person is left in peace, both ends included."""

    __tablename__ = "absence"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    starts_on: date
    ends_on: date
    source: AbsenceSource = Field(sa_type=state_type(AbsenceSource))
    cancelled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
