"""What programs send and get, field by field: the one source of the checks and of the OpenAPI document."""

from collections.abc import Callable
from typing import Annotated, Any, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from console.problem import Fault
from domain.calendar import local
from domain.text import normalise
from models.ticket import Ticket
from services.outside_ticket import OutsideReport, Standing

LONGEST_TEXT, LONGEST_PLACE, LONGEST_CONTACT, LONGEST_ENTERPRISE = 800, 100, 32, 128
MOST_FAULTS = 20

_SENTENCES = {
    "missing": "这一项要有。",
    "extra_forbidden": "没有这一项，请核对拼写。",
    "string_type": "这一项要是文字。",
    "bool_type": "这一项要是 true 或 false。",
    "string_pattern_mismatch": "编号用字母、数字和 . _ : / -，1 到 100 个。",
    "json_invalid": "内容不是完整的 JSON。",
    "model_type": "内容要是一个 JSON 对象。",
}
_MOMENT = "时间要带时区，写成 2026-11-20T15:07:00+08:00。"


def _text(least: int, most: int) -> Callable[[str], str]:
    def check(said: str) -> str:
        tidy = normalise(said)
        if not least <= len(tidy) <= most:
            raise ValueError(f"这一项要 {least} 到 {most} 个字。")
        return tidy

    return check


def _limits(least: int, most: int) -> Any:
    """Text as it is stored: without control characters, trimmed, and then of this length."""
    return AfterValidator(_text(least, most)), Field(json_schema_extra={"minLength": least, "maxLength": most})


OutsideId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z._:/-]{1,100}$")]
Enterprise = Annotated[str, *_limits(1, LONGEST_ENTERPRISE)]


class TicketReport(BaseModel):
    """A request of an enterprise. A field that is not listed is refused, so that a misspelt one is not lost unseen."""

    model_config = ConfigDict(strict=True, extra="forbid", title="TicketReport")

    outside_id: OutsideId = Field(description="本系统自己的编号；同一编号再发一次，不会重复立件")
    enterprise: Enterprise | None = Field(description="企业编号，或登记的全称、别名；没有登记的填 null")
    text: Annotated[str, *_limits(1, LONGEST_TEXT)] = Field(description="诉求原话")
    contact_name: Annotated[str, *_limits(0, LONGEST_CONTACT)] = Field(default="", description="联系人怎么称呼")
    category: Annotated[str, *_limits(1, 32)] | None = Field(default=None, description="诉求类别；不填由邻格判断")
    urgent: bool | None = Field(default=None, description="是否急件；不填由邻格判断")
    reported_at: AwareDatetime | None = Field(default=None, description="企业反映的时间，带时区，一年以内")
    place: Annotated[str, *_limits(0, LONGEST_PLACE)] = Field(default="", description="地点")

    def report(self) -> OutsideReport:
        """The same for the service."""
        return OutsideReport(**self.model_dump())


class EnterpriseOut(BaseModel):
    """An enterprise as the county knows it."""

    code: str
    name: str


class TicketOut(BaseModel):
    """Where a ticket stands."""

    number: str = Field(description="邻格的编号", examples=["Q261120-0007"])
    outside_id: str
    state: str = Field(description="状态代码", examples=["unaccepted"])
    state_label: str = Field(description="状态", examples=["待接单"])
    is_open: bool
    enterprise: EnterpriseOut | None
    category: str
    urgent: bool
    opened_at: str
    contact_due_at: str = Field(description="最晚什么时候联系企业")
    resolve_due_at: str = Field(description="最晚什么时候办结")
    closed_at: str | None
    result: str = Field(description="最近一次办结时写明的结果；没有办结过是空的")
    rating: str | None = Field(description="满意、基本满意或不满意；没有评价是 null")

    @classmethod
    def of(cls, standing: Standing) -> Self:
        """What a system is told of its ticket: no names and no notes of staff."""
        ticket, enterprise = standing.ticket, standing.enterprise
        return cls(
            number=ticket.number,
            outside_id=standing.outside_id,
            state=ticket.state,
            state_label=standing.label,
            is_open=standing.is_open,
            enterprise=EnterpriseOut(code=enterprise.code, name=enterprise.name) if enterprise is not None else None,
            category=ticket.category,
            urgent=ticket.is_urgent,
            **_moments(ticket),
            result=standing.result,
            rating=ticket.rating.value if ticket.rating is not None else None,
        )


class ChangeOut(BaseModel):
    """What a system is told at its webhook: the state of a ticket of its own changed."""

    event: str = Field(examples=["ticket.changed"])
    sequence: int = Field(description="越大越新；消息可能不按顺序到")
    at: str
    number: str
    outside_id: str
    before: str = Field(description="原来的状态代码")
    state: str
    state_label: str
    is_open: bool


class FaultOut(BaseModel):
    """A field that cannot be taken."""

    pointer: str = Field(description="JSON pointer，指向出错的那一项", examples=["#/text"])
    detail: str


class ProblemOut(BaseModel):
    """RFC 9457: why a request was not taken."""

    type: str
    title: str
    status: int
    detail: str = Field(description="发生了什么、怎么办")
    errors: list[FaultOut] = Field(default_factory=list, description="逐项说明；只在某一项不对时有")


def faults_of(error: ValidationError) -> list[Fault]:
    """Each field at fault with a sentence, at most 20; nothing of what was sent is repeated."""
    found = error.errors(include_url=False, include_input=False)[:MOST_FAULTS]
    return [Fault(_pointer(one["loc"]), _sentence(one["type"], one["msg"])) for one in found]


def _sentence(kind: str, told: str) -> str:
    if kind == "value_error":
        return told.removeprefix("Value error, ")
    if kind.startswith(("datetime", "timezone")):
        return _MOMENT
    return _SENTENCES.get(kind, "这一项不合要求，请对照 /api/openapi.json。")


def _pointer(place: tuple[int | str, ...]) -> str:
    """RFC 6901; a name that was sent to us is cut, and cannot break out of the pointer."""
    parts = (normalise(str(part))[:64].replace("~", "~0").replace("/", "~1") for part in place)
    return "".join(["#", *(f"/{part}" for part in parts)])


def _moments(ticket: Ticket) -> dict[str, Any]:
    """The instants of a ticket in county time."""
    names = ("opened_at", "contact_due_at", "resolve_due_at", "closed_at")
    moments = {name: getattr(ticket, name) for name in names}
    return {name: local(at).isoformat(timespec="seconds") if at is not None else None for name, at in moments.items()}
