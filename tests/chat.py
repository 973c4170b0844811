"""How tests talk to the service: as people do, through encrypted callbacks, each delivered twice."""

from typing import Any

from bot.worker import Worker
from simulator import Post, World
from tests.factories import DOORS, LAOBAN


class Chat:
    """The phones of the cast. Every act returns what the assistant answered to it, joined by newlines."""

    def __init__(self, world: World, worker: Worker) -> None:
        self.world, self._worker = world, worker

    def say(self, text: str, *, sender: str = "lihua") -> str:
        """Someone writes to the assistant."""
        seen = len(self.inbox(sender))
        delivery = self.world.people.say(sender, text)
        assert delivery.accepted, delivery
        return self._answers(sender, seen)

    def press(self, label: str, *, sender: str = "lihua") -> str:
        """Someone presses the newest button with this label on any of their cards."""
        seen = len(self.inbox(sender))
        for post in reversed(self.inbox(sender)):
            for button in post.content.get("button_list", ()):
                if button["text"] == label and not post.replaced:
                    assert self.world.people.press(sender, post, button["key"]).accepted
                    return self._answers(sender, seen)
        raise AssertionError(f"{sender} has no button {label}; there are {self.buttons(sender)}")

    def click(self, key: str, *, sender: str = "lihua") -> str:
        """Someone taps an entry of the app's menu."""
        seen = len(self.inbox(sender))
        assert self.world.people.click_menu(sender, key).accepted
        return self._answers(sender, seen)

    def customer_say(self, text: str, *, customer: str = LAOBAN) -> str:
        """A customer writes to their 微信客服 account."""
        seen = len(self.customer_inbox(customer))
        assert self.world.people.kf_say(customer, DOORS[customer], text).accepted
        return self._customer_answers(customer, seen)

    def customer_press(self, label: str, *, customer: str = LAOBAN) -> str:
        """A customer presses the newest entry with this label in any of their menus."""
        seen = len(self.customer_inbox(customer))
        for post in reversed(self.customer_inbox(customer)):
            if label in _entries(post):
                assert self.world.people.kf_press(customer, post, label).accepted
                return self._customer_answers(customer, seen)
        raise AssertionError(f"{customer} has no entry {label}; there are {self.customer_buttons(customer)}")

    def customer_enter(self, *, scene: str = "", scene_param: str = "", customer: str = LAOBAN) -> str:
        """A customer opens the conversation by a link with this scene."""
        seen = len(self.customer_inbox(customer))
        people = self.world.people
        assert people.kf_enter(customer, DOORS[customer], scene=scene, scene_param=scene_param).accepted
        return self._customer_answers(customer, seen)

    def customer_send(self, kind: str, content: dict[str, Any] | bytes, *, customer: str = LAOBAN) -> str:
        """A customer sends something other than words; bytes are an image, a voice, a video or a file."""
        seen = len(self.customer_inbox(customer))
        people, door = self.world.people, DOORS[customer]
        if isinstance(content, bytes):
            delivery = people.kf_send_media(customer, door, kind, content)
        else:
            delivery = people.kf_send(customer, door, kind, content)
        assert delivery.accepted, delivery
        return self._customer_answers(customer, seen)

    def customer_inbox(self, customer: str = LAOBAN) -> list[Post]:
        """What the assistant has sent to a customer, oldest first."""
        return self.world.threads.received(customer, f"kf:{DOORS[customer]}")

    def customer_buttons(self, customer: str = LAOBAN) -> list[str]:
        """The labels of the newest menu that a customer has."""
        return next((entries for post in reversed(self.customer_inbox(customer)) if (entries := _entries(post))), [])

    def inbox(self, sender: str) -> list[Post]:
        """What the assistant has sent to someone, oldest first."""
        return [post for post in self.world.inbox(sender) if not post.mine]

    def buttons(self, sender: str = "lihua") -> list[str]:
        """The labels of the newest card with buttons that someone has."""
        for post in reversed(self.inbox(sender)):
            if post.content.get("button_list"):
                return [button["text"] for button in post.content["button_list"]]
        return []

    def work_off(self) -> None:
        """Lets the worker handle and send everything that is due."""
        self._worker.work_off()

    def _answers(self, sender: str, seen: int) -> str:
        self.work_off()
        return "\n".join(post.text for post in self.inbox(sender)[seen:])

    def _customer_answers(self, customer: str, seen: int) -> str:
        self.work_off()
        return "\n".join(post.text for post in self.customer_inbox(customer)[seen:])


def _entries(post: Post) -> list[str]:
    return [entry["click"]["content"] for entry in post.content.get("list", ()) if entry["type"] == "click"]
