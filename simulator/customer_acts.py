"""What customers do outside 微信客服, and what members do with customers in the client."""

from typing import TYPE_CHECKING, Any

from simulator.callback_xml import Value, document
from simulator.customer_groups import BY_CODE, BY_INVITATION, CustomerGroup
from simulator.customers import Customer
from simulator.delivery import Delivery
from simulator.mass_messages import NOT_FRIENDS, OVER_CAP, SENT, MassMessage

if TYPE_CHECKING:
    from simulator.world import World

WELCOME_SECONDS = 20
EVENT_BY_INVITATION, EVENT_BY_CODE = 0, 3


class CustomerActs:
    """Codes scanned, contacts added, groups made and left, mass messages confirmed."""

    def __init__(self, world: "World") -> None:
        self._world = world

    def scan_contact_code(self, customer: str, config_id: str, *, userid: str = "") -> Delivery:
        """A customer scans a contact code and adds one of its members."""
        way = self._world.groups.contact_ways[config_id]
        member = userid or way.settings["user"][0]
        return self.add_contact(customer, member, state=way.settings.get("state", ""))

    def add_contact(self, customer: str, userid: str, *, state: str = "") -> Delivery:
        """A customer and a member add each other; the event carries a welcome code of 20 seconds."""
        person = self._customer(customer)
        with self._world.lock:
            code = self._world.welcomes.new(customer, userid)
            self._world.customers.follow(person, userid, state=state)
        fields: dict[str, Value] = {"UserID": userid, "ExternalUserID": customer}
        if state:
            fields["State"] = state
        return self._contact_event("add_external_contact", {**fields, "WelcomeCode": code})

    def delete_member(self, customer: str, userid: str) -> Delivery:
        """A customer removes a member."""
        with self._world.lock:
            self._customer(customer).follows.pop(userid, None)
        return self._contact_event("del_follow_user", {"UserID": userid, "ExternalUserID": customer})

    def delete_contact(self, userid: str, customer: str) -> Delivery:
        """A member removes a customer."""
        with self._world.lock:
            self._customer(customer).follows.pop(userid, None)
        return self._contact_event("del_external_contact", {"UserID": userid, "ExternalUserID": customer})

    def scan_join_code(self, customer: str, config_id: str) -> str | None:
        """A customer scans a join code; the chat_id of the group they are then in, None when all are full."""
        self._customer(customer)
        way = self._world.groups.join_ways[config_id]
        with self._world.lock:
            group, made = self._world.groups.room_for(way, customer)
        if group is None:
            return None
        if made:
            self._group_event(group, "create")
        if customer not in group.members:
            self._join(group, customer, scene=BY_CODE, state=way.settings.get("state", ""))
        return group.chat_id

    def invite_to_group(self, chat_id: str, person: str) -> Delivery:
        """A member brings a customer or another member into a group."""
        return self._join(self._world.groups.groups[chat_id], person, scene=BY_INVITATION, state="")

    def leave_group(self, person: str, chat_id: str, *, removed: bool = False) -> Delivery:
        """Somebody leaves a group, or is removed by its owner."""
        group = self._world.groups.groups[chat_id]
        before = group.version
        with self._world.lock:
            self._world.groups.leave(group, person)
        return self._member_event(group, "del_member", person, before, {"JoinScene": 0, "QuitScene": int(removed)})

    def make_group(self, owner: str, name: str, chat_id: str = "") -> str:
        """A member makes a customer group in the client; its chat_id."""
        with self._world.lock:
            group = self._world.groups.add(name, owner, chat_id)
        self._group_event(group, "create")
        return group.chat_id

    def rename_group(self, chat_id: str, name: str) -> Delivery:
        """The owner changes a group's name."""
        group = self._world.groups.groups[chat_id]
        group.name = name
        return self._group_event(group, "update", {"UpdateDetail": "change_name"})

    def dismiss_group(self, chat_id: str) -> Delivery:
        """The owner dissolves a group."""
        with self._world.lock:
            group = self._world.groups.groups.pop(chat_id)
        return self._group_event(group, "dismiss")

    def group_say(self, person: str, group: str, text: str) -> None:
        """Somebody writes in a group; the members see it, the app never does."""
        groups, chats = self._world.groups.groups, self._world.chats.chats
        members = list(groups[group].members) if group in groups else chats[group].users
        found = self._world.customers.find(person) or self._world.directory.find(person)
        name = found.name if found else person
        for member in members:
            sender = "" if member == person else name
            self._world.threads.add(member, f"group:{group}", "text", {"content": text}, sender=sender)

    def confirm_mass_message(self, userid: str, msgid: str) -> int:
        """A member presses send on a mass message; how many targets it reached. A second press reaches nobody."""
        task = self._world.mass.tasks[msgid]
        if task.cancelled or userid not in task.targets:
            raise ValueError("no such task for this member")
        with self._world.lock:
            if userid in task.sent_at:
                return 0
            task.sent_at[userid] = int(self._world.clock.timestamp())
            task.results[userid] = [self._reach(task, userid, target) for target in task.targets[userid]]
        return sum(1 for result in task.results[userid] if result["status"] == SENT)

    def _reach(self, task: MassMessage, userid: str, target: str) -> dict[str, Any]:
        field = "chat_id" if task.chat_type == "group" else "external_userid"
        result = {field: target, "userid": userid, "send_time": task.sent_at[userid]}
        if not self._reachable(task, userid, target):
            return {**result, "status": NOT_FRIENDS}
        if not self._world.mass.admits(target):
            return {**result, "status": OVER_CAP}
        peer = f"group:{target}" if task.chat_type == "group" else f"member:{userid}"
        people = list(self._world.groups.groups[target].members) if task.chat_type == "group" else [target]
        for person in people:
            self._show(task, userid, person, peer)
        return {**result, "status": SENT}

    def _reachable(self, task: MassMessage, userid: str, target: str) -> bool:
        if task.chat_type == "group":
            return target in self._world.groups.groups
        return userid in self._customer(target).follows

    def _show(self, task: MassMessage, userid: str, person: str, peer: str) -> None:
        member = self._world.directory.find(userid)
        name = member.name if member else userid
        if task.content.get("text"):
            self._world.threads.add(person, peer, "text", task.content["text"], sender=name)
        for attachment in task.content.get("attachments", ()):
            kind = attachment["msgtype"]
            self._world.threads.add(person, peer, kind, attachment[kind], sender=name)

    def _join(self, group: CustomerGroup, person: str, *, scene: int, state: str) -> Delivery:
        before = group.version
        member = self._world.directory.find(person)
        with self._world.lock:
            self._world.groups.join(group, person, scene, external=member is None, state=state)
            self._world.threads.open(person, f"group:{group.chat_id}")
        event_scene = EVENT_BY_CODE if scene == BY_CODE else EVENT_BY_INVITATION
        return self._member_event(group, "add_member", person, before, {"JoinScene": event_scene, "QuitScene": 0})

    def _member_event(
        self, group: CustomerGroup, detail: str, person: str, before: int, scenes: dict[str, Value]
    ) -> Delivery:
        fields: dict[str, Value] = {
            "UpdateDetail": detail,
            **scenes,
            "MemChangeCnt": 1,
            "MemChangeList": {"Item": [person]},
            "LastMemVer": f"v{before}",
            "CurMemVer": f"v{group.version}",
        }
        return self._group_event(group, "update", fields)

    def _group_event(self, group: CustomerGroup, change: str, fields: dict[str, Value] | None = None) -> Delivery:
        about: dict[str, Value] = {"ChangeType": change, "ChatId": group.chat_id}
        return self._system_event(group.chat_id, "change_external_chat", {**about, **(fields or {})})

    def _contact_event(self, change: str, fields: dict[str, Value]) -> Delivery:
        key = str(fields["ExternalUserID"])
        return self._system_event(key, "change_external_contact", {"ChangeType": change, **fields})

    def _system_event(self, key: str, event: str, fields: dict[str, Value]) -> Delivery:
        inner: dict[str, Value] = {
            "ToUserName": self._world.corp.corp_id,
            "FromUserName": "sys",
            "CreateTime": int(self._world.clock.timestamp()),
            "MsgType": "event",
            "Event": event,
        }
        return self._world.pusher.push(Delivery(key, event, document({**inner, **fields}), None))

    def _customer(self, external_userid: str) -> Customer:
        customer = self._world.customers.find(external_userid)
        if customer is None:
            raise ValueError(f"no customer {external_userid!r}")
        return customer
