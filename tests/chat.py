"""How tests talk to the service: as people do, through encrypted callbacks, each delivered twice."""

from bot.worker import Worker
from simulator import Post, World


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
