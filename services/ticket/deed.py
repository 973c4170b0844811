"""What somebody does to a ticket, and what came of it: who is to be told what."""

from dataclasses import dataclass, field

from domain.process import Actor, Given
from models.person import Person
from models.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Doer:
    """Who acts: a member of staff, a customer with the enterprises they are bound to, or an outside system.

    None of them is the service itself.
    """

    person: Person | None = None
    requester_id: int | None = None
    requester_name: str = ""
    enterprise_ids: frozenset[int] = frozenset()
    system_code: str = ""

    @property
    def account(self) -> str:
        """As the audit log names them."""
        if self.person is not None:
            return self.person.account
        if self.system_code:
            return f"outside:{self.system_code}"
        return "tickets" if self.requester_id is None else f"customer:{self.requester_id}"

    @property
    def is_customer(self) -> bool:
        """Whether a customer acts."""
        return self.requester_id is not None


SYSTEM = Doer()


@dataclass(frozen=True, slots=True)
class Deed:
    """An action (its code in the process), what came with it, numbers of files in table `media_file`, and whether only staff may read it."""

    action: str
    given: Given = field(default_factory=Given)
    media: tuple[str, ...] = ()
    is_internal: bool = False


@dataclass(frozen=True, slots=True)
class Telling:
    """What to tell whom. `person` is None for the requester: `requester_id` then is the customer, None if unreachable.

    `key` is unique for ever; `actions` are the codes of the actions to offer, `buttons` what they are called and what
    pressing them says. `is_urged` is what the clock says (duty hours), the rest passes on somebody's act.
    """

    key: str
    number: str
    role: Actor
    text: str
    person: Person | None = None
    requester_id: int | None = None
    actions: tuple[str, ...] = ()
    buttons: tuple[tuple[str, str], ...] = ()
    is_urged: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """The ticket as it stands now, the answer to whoever acted, and what others are to be told."""

    ticket: Ticket
    reply: str
    tellings: tuple[Telling, ...] = ()
    is_new: bool = False
