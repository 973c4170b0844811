"""微信客服 accounts: the doors through which enterprises and residents write to us."""

from enum import StrEnum

from sqlmodel import Field, SQLModel

from models.column import state_type


class Audience(StrEnum):
    """Whom an account serves; the values are the workbook's words."""

    ENTERPRISE = "企业"
    RESIDENT = "居民"


class KfAccount(SQLModel, table=True):
    __tablename__ = "kf_account"

    id: int | None = Field(default=None, primary_key=True)
    open_kfid: str = Field(unique=True, max_length=64)
    name: str = Field(max_length=64)
    audience: Audience = Field(sa_type=state_type(Audience))
