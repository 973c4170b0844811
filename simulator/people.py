"""What people do on their phones."""

from typing import TYPE_CHECKING

from simulator.customer_acts import CustomerActs
from simulator.kf_acts import KfActs
from simulator.member_acts import MemberActs

if TYPE_CHECKING:
    from simulator.world import World


class People(MemberActs, KfActs, CustomerActs):
    """Everything a person can do, by userid or external_userid."""

    def __init__(self, world: "World") -> None:
        super().__init__(world)
