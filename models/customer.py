"""Customers: the WeChat users who write to a 微信客服 account."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.column import BigId, UtcDateTime
from models.secrecy import encrypted


class Customer(SQLModel, table=True):
    """A customer of one account; `address` (`kf:{open_kfid}:{external_userid}`, case matters) names them on both ways.

    `turn` counts what they wrote and `spoke_at` is the last time: the platform lets us write five times per turn,
    within 48 hours. `scene` and `scene_param` are those of the link they came by last. `name` is what they told us.
    """

    __tablename__ = "customer"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    address: str = Field(unique=True, max_length=160)
    open_kfid: str = Field(max_length=64, index=True)
    external_userid: str = Field(max_length=64, index=True)
    name: str = Field(default="", sa_type=encrypted("customer.name"))
    scene: str = Field(default="", max_length=32)
    scene_param: str = Field(default="", max_length=128)
    first_seen_at: datetime = Field(sa_type=UtcDateTime)
    spoke_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    turn: int = 0
