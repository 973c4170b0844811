"""The rules of each message type: what is refused, what is cut, and what the recipient then sees."""

from collections.abc import Callable
from typing import Any

from simulator import fields
from simulator.card_rules import Note, check_card
from simulator.errors import ApiError
from simulator.media import Media

Payload = dict[str, Any]
TEXT_BYTES = 2048
URL_BYTES = 2048
MPNEWS_BYTES = 666 << 10


class MessageRules:
    """Checks the payload of a message and returns what the recipient sees."""

    def __init__(self, media: Media, note: Note, *, markdown_bytes: int = TEXT_BYTES, webhook: str = "") -> None:
        self._media = media
        self._note = note
        self._markdown_bytes = markdown_bytes
        self._webhook = webhook
        self._kinds: dict[str, Callable[[Payload], Payload]] = {
            "text": self._text,
            "markdown": self._markdown,
            "markdown_v2": self._markdown,
            "image": lambda payload: self._medium(payload, "image"),
            "voice": lambda payload: self._medium(payload, "voice"),
            "file": lambda payload: self._medium(payload, "file"),
            "video": self._video,
            "textcard": self._textcard,
            "news": self._news,
            "mpnews": self._mpnews,
            "miniprogram_notice": self._miniprogram,
            "template_card": self._card,
        }

    def check(self, body: Payload, kinds: tuple[str, ...]) -> tuple[str, Payload]:
        """The message type and what is shown of its payload; 40008 for a type not among `kinds`."""
        kind = body.get("msgtype")
        if kind not in kinds:
            raise ApiError(40008)
        return kind, self._kinds[kind](fields.mapping(body, kind))

    def _text(self, payload: Payload) -> Payload:
        content = fields.text(payload, "content", code=44004)
        return {**payload, "content": self._cut("content", content, TEXT_BYTES)}

    def _markdown(self, payload: Payload) -> Payload:
        content = fields.text(payload, "content", code=44004)
        if len(content.encode()) > self._markdown_bytes:
            raise ApiError(45002)
        return payload

    def _medium(self, payload: Payload, kind: str) -> Payload:
        medium = self._media.usable(fields.text(payload, "media_id", code=40007), kind, webhook=self._webhook)
        return {**payload, "filename": medium.filename}

    def _video(self, payload: Payload) -> Payload:
        shown = self._medium(payload, "video")
        shown["title"] = self._cut("title", fields.text(payload, "title", required=False), 128)
        shown["description"] = self._cut("description", fields.text(payload, "description", required=False), 512)
        return shown

    def _textcard(self, payload: Payload) -> Payload:
        title, description = fields.text(payload, "title"), fields.text(payload, "description")
        fields.text(payload, "url", most=URL_BYTES)
        fields.text(payload, "btntxt", required=False)
        return {
            **payload,
            "title": self._cut("title", title, 128, characters=True),
            "description": self._cut("description", description, 512, characters=True),
            "btntxt": self._cut("btntxt", payload.get("btntxt") or "详情", 4, characters=True),
        }

    def _news(self, payload: Payload) -> Payload:
        return {"articles": [self._article(article) for article in _articles(payload)]}

    def _article(self, article: Payload) -> Payload:
        title = self._cut("title", fields.text(article, "title"), 128)
        description = self._cut("description", fields.text(article, "description", required=False), 512)
        if not fields.text(article, "url", most=URL_BYTES, required=False) and not article.get("appid"):
            raise ApiError(40063, "missing url")
        fields.text(article, "picurl", most=URL_BYTES, required=False)
        return {**article, "title": title, "description": description}

    def _mpnews(self, payload: Payload) -> Payload:
        for article in _articles(payload):
            fields.text(article, "title")
            self._media.usable(fields.text(article, "thumb_media_id", code=40007), "image")
            if len(fields.text(article, "content").encode()) > MPNEWS_BYTES:
                raise ApiError(45002)
        return payload

    def _miniprogram(self, payload: Payload) -> Payload:
        fields.text(payload, "appid")
        fields.text(payload, "title")
        for item in fields.items(payload, "content_item", most=10, required=False):
            fields.text(item, "key")
            fields.text(item, "value")
        return payload

    def _card(self, payload: Payload) -> Payload:
        check_card(payload, note=self._note)
        for item in payload.get("horizontal_content_list") or ():
            if item.get("type") == 2:
                self._media.usable(item["media_id"], "file")
        return payload

    def _cut(self, name: str, value: str, most: int, *, characters: bool = False) -> str:
        size = len(value) if characters else len(value.encode())
        if size <= most:
            return value
        self._note(name, size)
        return value[:most] if characters else value.encode()[:most].decode(errors="ignore")


def _articles(payload: Payload) -> list[Payload]:
    articles = fields.items(payload, "articles", most=8, code=45008)
    if not all(isinstance(article, dict) for article in articles):
        raise ApiError(40058, "article is not an object")
    return articles
