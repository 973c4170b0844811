"""The rules of template cards, with WeCom's code for each that is broken."""

import re
from collections.abc import Callable
from typing import Any

from simulator import fields
from simulator.errors import ApiError

Card = dict[str, Any]
Note = Callable[[str, int], None]
TASK_ID = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
INTERACTIVE = ("button_interaction", "vote_interaction", "multiple_interaction")


def _nothing(field: str, length: int) -> None:
    """Take no note."""


def check_card(card: Card, *, note: Note = _nothing, updating: bool = False) -> None:
    """Refuse a card WeCom would refuse; `note` hears of each text longer than its field shows.

    A card that replaces another needs a task_id only for an action menu.
    """
    kind = card.get("card_type")
    checks = KINDS.get(kind) if isinstance(kind, str) else None
    if checks is None:
        raise ApiError(42031, "invalid card_type")
    _check_shared(card, note)
    needs_task = bool(card.get("action_menu")) or (kind in INTERACTIVE and not updating)
    task_id = card.get("task_id", "")
    if (needs_task or task_id) and not (isinstance(task_id, str) and TASK_ID.fullmatch(task_id)):
        raise ApiError(42014)
    for check in checks:
        check(card, note)


def updatable(card: Card) -> bool:
    """Whether a response_code comes with the card."""
    return card.get("card_type") in INTERACTIVE or bool(card.get("action_menu"))


def _check_shared(card: Card, note: Note) -> None:
    _shown(fields.mapping(card, "source", required=False), "desc", 20, note)
    title = fields.mapping(card, "main_title", required=False)
    _shown(title, "title", 36, note)
    _shown(title, "desc", 44, note)
    _shown(card, "sub_title_text", 160, note)
    _check_menu(fields.mapping(card, "action_menu", required=False))
    _check_link(fields.mapping(card, "quote_area", required=False), 42028)
    for item in fields.items(card, "horizontal_content_list", most=6, code=42035, required=False):
        _check_horizontal(item, note)
    for item in fields.items(card, "jump_list", most=3, code=42042, required=False):
        _need(item, "title", 42033)
        _shown(item, "title", 18, note)
        _check_link(item, 42028)
    _check_link(fields.mapping(card, "card_action", required=False), 42045)


def _check_menu(menu: Card) -> None:
    if not menu:
        return
    actions = fields.items(menu, "action_list", most=3, code=42051)
    keys = [fields.text(action, "key", most=1024, code=42039) for action in actions]
    for action in actions:
        _need(action, "text", 42038)
    if len(set(keys)) < len(keys):
        raise ApiError(42051)


def _check_horizontal(item: Card, note: Note) -> None:
    _need(item, "keyname", 42027)
    _shown(item, "keyname", 5, note)
    _shown(item, "value", 30, note)
    wanted = {1: ("url", 42028), 2: ("media_id", 42029), 3: ("userid", 42050)}
    kind = fields.number(item, "type", allowed=range(4), default=0)
    if kind:
        _need(item, *wanted[kind])


def _check_link(item: Card, url_code: int) -> None:
    if not item:
        return
    kind = fields.number(item, "type", allowed=range(4), default=0)
    if kind == 1:
        _need(item, "url", url_code)
    if kind == 2:
        _need(item, "appid", 42030)


def _title_required(card: Card, note: Note) -> None:
    if not (card.get("main_title") or {}).get("title"):
        raise ApiError(42033, "missing title")


def _notice_text(card: Card, note: Note) -> None:
    emphasis = fields.mapping(card, "emphasis_content", required=False)
    _shown(emphasis, "title", 14, note)
    _shown(emphasis, "desc", 22, note)
    if not (card.get("main_title") or {}).get("title") and not card.get("sub_title_text"):
        raise ApiError(42033, "missing title")


def _action_required(card: Card, note: Note) -> None:
    if (card.get("card_action") or {}).get("type") not in (1, 2):
        raise ApiError(42045, "invalid card_action")


def _picture(card: Card, note: Note) -> None:
    image, area = card.get("card_image") or {}, card.get("image_text_area") or {}
    if not image and not area:
        raise ApiError(42044, "missing card_image")
    if image:
        _need(image, "url", 42044)
        ratio = image.get("aspect_ratio", 1.3)
        if isinstance(ratio, bool) or not isinstance(ratio, int | float) or not 1.3 <= ratio <= 2.25:
            raise ApiError(42044, "invalid aspect_ratio")
    _check_link(area, 42028)
    for item in fields.items(card, "vertical_content_list", most=4, code=42036, required=False):
        _need(item, "title", 42033)
        _shown(item, "title", 38, note)
        _shown(item, "desc", 160, note)


def _buttons(card: Card, note: Note) -> None:
    if card.get("button_selection"):
        _check_question(card["button_selection"], 10, note)
    for button in _between(card, "button_list", 6, 40058):
        _need(button, "text", 42038)
        _shown(button, "text", 10, note)
        fields.number(button, "style", allowed=range(1, 5), default=1)
        if fields.number(button, "type", allowed=range(2), default=0) == 1:
            _need(button, "url", 42028)
        else:
            fields.text(button, "key", most=1024, code=42039)


def _vote(card: Card, note: Note) -> None:
    checkbox = fields.mapping(card, "checkbox", code=42043)
    fields.number(checkbox, "mode", allowed=range(2), default=0)
    _check_question(checkbox, 20, note)
    _check_submit(card, note)


def _selects(card: Card, note: Note) -> None:
    questions = _between(card, "select_list", 3, 42047)
    for question in questions:
        _check_question(question, 10, note)
    if len({question["question_key"] for question in questions}) < len(questions):
        raise ApiError(42043, "question_key collides")
    _check_submit(card, note)


def _check_question(question: Card, most: int, note: Note) -> None:
    fields.text(question, "question_key", most=1024, code=42043)
    options = _between(question, "option_list", most, 42037)
    for option in options:
        if len(fields.text(option, "id", code=42040).encode()) > 128:
            raise ApiError(42040)
        _need(option, "text", 42041)
        _shown(option, "text", 17 if most > 10 else 16, note)
    ids = {option["id"] for option in options}
    if len(ids) < len(options) or question.get("selected_id", options[0]["id"]) not in ids:
        raise ApiError(42040, "option id collides or is unknown")


def _check_submit(card: Card, note: Note) -> None:
    button = fields.mapping(card, "submit_button", code=42046)
    _need(button, "text", 42049)
    _shown(button, "text", 10, note)
    if len(fields.text(button, "key", code=42046).encode()) > 1024:
        raise ApiError(42046)


def _between(card: Card, name: str, most: int, code: int) -> list[Card]:
    found = card.get(name)
    if not isinstance(found, list) or not 1 <= len(found) <= most or not all(isinstance(i, dict) for i in found):
        raise ApiError(code, f"invalid {name} size")
    return found


def _need(item: Card, name: str, code: int) -> None:
    if not item.get(name) or not isinstance(item[name], str):
        raise ApiError(code, f"invalid {name}")


def _shown(item: Card, name: str, most: int, note: Note) -> None:
    length = len(fields.text(item, name, required=False))
    if length > most:
        note(name, length)


KINDS: dict[str, tuple[Callable[[Card, Note], None], ...]] = {
    "text_notice": (_notice_text, _action_required),
    "news_notice": (_title_required, _picture, _action_required),
    "button_interaction": (_title_required, _buttons),
    "vote_interaction": (_title_required, _vote),
    "multiple_interaction": (_title_required, _selects),
}
