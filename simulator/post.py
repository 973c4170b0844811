"""One item in a person's thread, and its text as the person reads it."""

from typing import Any

from simulator.clock import local

MEDIA = {"image": "图片", "voice": "语音", "video": "视频", "file": "文件"}


class Post:
    """A message as one person sees it; a card changed in place keeps its id."""

    __slots__ = (
        "at",
        "content",
        "id",
        "kind",
        "msgid",
        "peer",
        "person",
        "pressed_key",
        "recalled",
        "replaced",
        "sender",
        "seq",
    )

    def __init__(
        self, number: int, at: float, person: str, peer: str, kind: str, content: dict[str, Any], sender: str
    ) -> None:
        self.id = f"p{number}"
        self.seq = number
        self.at = at
        self.person = person
        self.peer = peer
        self.kind = kind
        self.content = content
        self.sender = sender
        self.replaced: str | None = None
        self.pressed_key: str | None = None
        self.recalled = False
        self.msgid = ""

    def __repr__(self) -> str:
        return f"<Post {self.id} {self.kind} {self.peer}>{self.person}: {self.text!r}>"

    @property
    def mine(self) -> bool:
        """Whether the person sent it."""
        return not self.sender

    @property
    def text(self) -> str:
        """All that can be read on it, one part per line."""
        content = self.content
        if self.kind == "template_card":
            return "\n".join([*card_lines(content), *([self.replaced] if self.replaced else [])])
        if self.kind == "msgmenu":
            return "\n".join(line for line in menu_lines(content) if line)
        if self.kind == "news":
            return "\n".join(a.get("title", "") for a in content.get("articles", ()))
        if self.kind == "location":
            return str(content.get("label") or content.get("name") or "")
        if self.kind in MEDIA:
            return str(content.get("filename") or f"[{MEDIA[self.kind]}]")
        parts = [content.get(key) for key in ("content", "title", "description", "desc")]
        return "\n".join(str(part) for part in parts if part)

    def as_json(self) -> dict[str, Any]:
        """The item for the chat page."""
        content = self.content
        media_id = content.get("media_id")
        return {
            "id": self.id,
            "seq": self.seq,
            "at": local(self.at).isoformat(timespec="seconds"),
            "mine": self.mine,
            "sender": self.sender,
            "type": self.kind,
            "text": "" if self.recalled else self.text,
            "url": content.get("url", ""),
            "title": content.get("title", ""),
            "description": content.get("description") or content.get("desc") or content.get("address", ""),
            "btntxt": content.get("btntxt", ""),
            "articles": content.get("articles", []),
            "content_item": content.get("content_item", []),
            "latitude": content.get("latitude"),
            "longitude": content.get("longitude"),
            "card": content if self.kind == "template_card" else None,
            "menu": content if self.kind == "msgmenu" else None,
            "media_url": f"/sim/media/{media_id}" if media_id else None,
            "replaced": self.replaced,
            "pressed_key": self.pressed_key,
            "recalled": self.recalled,
        }


def card_lines(card: dict[str, Any]) -> list[str]:
    """The lines of a template card from top to bottom, without its buttons."""
    title, quote = card.get("main_title") or {}, card.get("quote_area") or {}
    emphasis, picture = card.get("emphasis_content") or {}, card.get("image_text_area") or {}
    lines = [
        (card.get("source") or {}).get("desc"),
        *(title.get(key) for key in ("title", "desc")),
        *(emphasis.get(key) for key in ("title", "desc")),
        *(quote.get(key) for key in ("title", "quote_text")),
        card.get("sub_title_text"),
        *(picture.get(key) for key in ("title", "desc")),
        *("\n".join(filter(None, (i.get("title"), i.get("desc")))) for i in card.get("vertical_content_list") or ()),
        *(f"{i.get('keyname', '')} {i.get('value', '')}".strip() for i in card.get("horizontal_content_list") or ()),
        *(i.get("title") for i in card.get("jump_list") or ()),
    ]
    return [line for line in lines if line]


def menu_lines(menu: dict[str, Any]) -> list[str]:
    """The lines of a KF menu message."""
    entries = [entry.get(entry.get("type", ""), {}).get("content", "") for entry in menu.get("list") or ()]
    return [menu.get("head_content", ""), *entries, menu.get("tail_content", "")]
