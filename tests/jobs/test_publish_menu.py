"""The app's menu: within WeCom's limits, published when it differs, and every entry says its own key."""

import pytest

from jobs.publish_menu import MENU, menu_body, publish
from simulator import World
from tests.conftest import Service
from tests.times import MovableClock


def test_the_menu_keeps_wecom_s_limits() -> None:
    assert len(MENU) <= 3
    assert all(len(name.encode()) <= 16 and len(below) <= 5 for name, below in MENU)
    assert all(len(word.encode()) <= 40 for _, below in MENU for word in below)


@pytest.mark.parametrize("entry", [entry for top in menu_body()["button"] for entry in top.get("sub_button", [top])])
def test_an_entry_says_what_it_is_called(entry: dict[str, str]) -> None:
    assert (entry["type"], entry["key"]) == ("click", entry["name"])


def test_the_menu_is_published_at_the_first_start_and_left_alone_while_it_is_right(
    service: Service, world: World, clock: MovableClock
) -> None:
    first = service.scheduler.run_now("publish_menu")
    clock.advance(days=1)
    second = service.scheduler.run_now("publish_menu")

    assert first.endswith("跑完了：菜单已更新")
    assert second.endswith("跑完了：菜单没有变化")


def test_a_menu_somebody_changed_is_put_right(service: Service, clock: MovableClock) -> None:
    class Changed:
        """Stands for WeCom with a menu of somebody else's making."""

        created: dict[str, object] | None = None

        def get_menu(self) -> dict[str, object]:
            return {"errcode": 0, "button": [{"type": "view", "name": "排名", "url": "https://example.invalid"}]}

        def create_menu(self, menu: dict[str, object]) -> None:
            self.created = menu

    wecom = Changed()

    assert publish(wecom) is True  # type: ignore[arg-type]  # the two calls that publishing makes
    assert wecom.created == menu_body()
