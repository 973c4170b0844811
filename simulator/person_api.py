"""The person side over HTTP: what the chat page and scripts use to act as somebody."""

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request
from werkzeug.exceptions import HTTPException

from simulator.clock import local
from simulator.delivery import Delivery
from simulator.errors import ApiError
from simulator.person_actions import ACTIONS
from simulator.world import World

person_api = Blueprint("person_api", __name__, url_prefix="/sim")
LONGEST_WAIT = 25.0


def _world() -> World:
    world = current_app.extensions["world"]
    assert isinstance(world, World)
    return world


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise ValueError("a JSON object is needed")
    return body


def _ok(delivery: Delivery | None) -> Response:
    post = delivery.post if delivery else None
    return jsonify(ok=True, message_id=post.id if post else None)


def _peer(body: dict[str, Any]) -> tuple[str, str]:
    kind, _, identity = str(body.get("peer", "app")).partition(":")
    return kind, identity


@person_api.errorhandler(ValueError)
@person_api.errorhandler(KeyError)
@person_api.errorhandler(ApiError)
@person_api.errorhandler(TypeError)
@person_api.errorhandler(AttributeError)
def refuse(error: Exception) -> tuple[Response, int]:
    """Say what was wrong with a request."""
    return jsonify(ok=False, error=str(error)), 400


@person_api.errorhandler(HTTPException)
def http_error(error: HTTPException) -> tuple[Response, int]:
    """Say so in JSON as well."""
    return jsonify(ok=False, error=error.name), error.code or 500


@person_api.get("/people")
def people() -> Response:
    """All members and customers, the app and the KF accounts."""
    world = _world()
    with world.lock:
        departments = world.directory.departments
        found: list[dict[str, Any]] = [
            {
                "id": m.userid,
                "kind": "member",
                "name": m.name,
                "unit": departments[m.departments[0]].name if m.departments else "",
                "position": m.position,
            }
            for m in world.directory.members
        ]
        found += [
            {
                "id": c.external_userid,
                "kind": "customer",
                "name": c.name,
                "unit": c.place,
                "position": c.position,
                "open_kfid": c.open_kfid,
            }
            for c in world.customers.all()
        ]
        for person in found:
            person["unread"] = sum(world.threads.unread(person["id"], p) for p in world.threads.peers(person["id"]))
    return jsonify(
        people=found,
        console_url=world.console_url or None,
        app={"name": world.app.name, "agentid": world.app.agentid},
        kf_accounts=[
            {"open_kfid": a.open_kfid, "name": a.name, "serves": a.serves} for a in world.kf.accounts.values()
        ],
        clock_movable=world.clock.movable,
    )


@person_api.get("/threads/<person>")
def threads(person: str) -> Response:
    """A person's conversations."""
    world = _world()
    person = world.person_id(person)
    with world.lock:
        if world.directory.find(person):
            world.threads.open(person, "app")
        found = []
        for peer in world.threads.peers(person):
            posts = world.threads.posts(person, peer)
            unread = world.threads.unread(person, peer)
            last = posts[-1].as_json() if posts else None
            found.append({"peer": peer, "title": world.title(peer), "unread": unread, "last": last})
    return jsonify(threads=found)


@person_api.get("/messages")
def messages() -> Response:
    """A conversation's items after a seq; waits for one when asked to."""
    world = _world()
    wait = min(max(request.args.get("wait", 0.0, float), 0.0), LONGEST_WAIT)
    after = request.args.get("after", 0, int)
    person = world.person_id(request.args["person"])
    posts = world.threads.look(person, request.args["peer"], after=after, wait=wait)
    return jsonify(seq=max([after, *(post.seq for post in posts)]), messages=[post.as_json() for post in posts])


@person_api.get("/media/<media_id>")
def media(media_id: str) -> Response:
    """A file somebody sent."""
    medium = _world().media.find(media_id)
    if medium is None:
        return Response(status=404)
    return Response(medium.content, content_type=medium.content_type)


def _act(path: str) -> Callable[[Callable[[World, dict[str, Any]], Delivery | None]], Callable[[], Response]]:
    def register(act: Callable[[World, dict[str, Any]], Delivery | None]) -> Callable[[], Response]:
        def view() -> Response:
            return _ok(act(_world(), _body()))

        person_api.add_url_rule(path, endpoint=act.__name__, view_func=view, methods=["POST"])
        return view

    return register


@_act("/say")
def say(world: World, body: dict[str, Any]) -> Delivery | None:
    """A text message to the app, a KF account or a group."""
    kind, identity = _peer(body)
    if kind == "kf":
        return world.people.kf_say(body["person"], identity, body["text"])
    if kind == "group":
        world.people.group_say(body["person"], identity, body["text"])
        return None
    return world.people.say(body["person"], body["text"])


@_act("/media")
def send_media(world: World, body: dict[str, Any]) -> Delivery:
    """An image, voice, video or file."""
    try:
        content = base64.b64decode(body["base64"], validate=True)
    except binascii.Error:
        raise ValueError("base64 is not base64") from None
    kind, identity = _peer(body)
    name = body.get("filename", "")
    if kind == "kf":
        return world.people.kf_send_media(body["person"], identity, body["type"], content, name)
    return world.people.send_media(body["person"], body["type"], content, name)


@_act("/place")
def place(world: World, body: dict[str, Any]) -> Delivery:
    """A place."""
    latitude, longitude, label = float(body["latitude"]), float(body["longitude"]), body.get("label", "")
    kind, identity = _peer(body)
    if kind == "kf":
        shown = {"latitude": latitude, "longitude": longitude, "name": label, "address": label}
        return world.people.kf_send(body["person"], identity, "location", shown)
    return world.people.send_place(body["person"], latitude, longitude, label)


@_act("/link")
def link(world: World, body: dict[str, Any]) -> Delivery:
    """A link."""
    title, description, url = body["title"], body.get("description", ""), body["url"]
    kind, identity = _peer(body)
    if kind == "kf":
        shown = {"title": title, "desc": description, "url": url, "pic_url": ""}
        return world.people.kf_send(body["person"], identity, "link", shown)
    return world.people.send_link(body["person"], title, description, url)


@_act("/press")
def press(world: World, body: dict[str, Any]) -> Delivery:
    """A button of a card or an entry of a KF menu."""
    post = world.threads.find(body["message_id"])
    if post is not None and post.kind == "msgmenu":
        return world.people.kf_press(body["person"], post, body["key"])
    return world.people.press(body["person"], body["message_id"], body["key"], body.get("selections"))


@_act("/menu")
def click_menu(world: World, body: dict[str, Any]) -> Delivery:
    """An entry of the app's menu."""
    return world.people.click_menu(body["person"], body["key"])


@_act("/enter")
def enter(world: World, body: dict[str, Any]) -> Delivery:
    """Opening a conversation; for a KF account through a link with `scene` and `scene_param`."""
    kind, identity = _peer(body)
    if kind == "kf":
        scene, param = body.get("scene", ""), body.get("scene_param", "")
        return world.people.kf_enter(body["person"], identity, scene=scene, scene_param=param)
    return world.people.enter_agent(body["person"])


@person_api.post("/clock")
def move_clock() -> tuple[Response, int]:
    """Move the platform's time forward; 409 where nobody shares it."""
    world = _world()
    to = datetime.fromisoformat(_body()["to"])
    if not world.clock.movable:
        return jsonify(ok=False, error="这里的时间不能拨动"), 409
    if to < world.clock.now():
        return jsonify(ok=False, error="时间只能往前拨"), 409
    world.clock.move(to)
    return jsonify(ok=True, now=local(world.clock.timestamp()).isoformat(timespec="seconds")), 200


@person_api.get("/faults")
def faults() -> Response:
    """The faults in force."""
    return jsonify(faults=_world().faults.as_json())


@person_api.post("/faults")
def add_fault() -> Response:
    """Put a fault in force."""
    settings = _body()
    _world().faults.add(settings.pop("fault"), **settings)
    return jsonify(ok=True)


@person_api.delete("/faults")
def clear_faults() -> Response:
    """End all faults."""
    _world().faults.clear()
    return jsonify(ok=True)


@person_api.get("/actions")
def actions() -> Response:
    """What else can happen, with the fields each needs."""
    return jsonify(
        actions=[
            {
                "name": name,
                "label": action.label,
                "fields": [{"name": field, "label": label} for field, label in action.fields],
            }
            for name, action in ACTIONS.items()
        ]
    )


@person_api.post("/actions/<name>")
def run_action(name: str) -> tuple[Response, int]:
    """Let it happen."""
    if name not in ACTIONS:
        return jsonify(ok=False, error="没有这件事"), 404
    result = ACTIONS[name].run(_world(), {key: str(value) for key, value in _body().items()})
    return jsonify(ok=True, result=result), 200


@person_api.get("/menu")
def menu() -> Response:
    """The app's menu."""
    return jsonify(_world().menus.get(_world().app.agentid, {"button": []}))


@person_api.get("/log")
def log() -> Response:
    """Callbacks pushed and API calls received, newest last."""
    return jsonify(log=_world().log.as_json(request.args.get("after", 0, int)))


@person_api.get("/clock")
def clock() -> Response:
    """The platform's time in China."""
    world = _world()
    return jsonify(now=local(world.clock.timestamp()).isoformat(timespec="seconds"), movable=world.clock.movable)
