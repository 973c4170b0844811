"""The sign-in pages of WeCom: choose a simulated person and go back with a code."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Blueprint, current_app, redirect, render_template_string, request
from werkzeug.wrappers import Response

from simulator.world import World

oauth_pages = Blueprint("oauth_pages", __name__)

CHOICE = """<!doctype html><html lang="zh"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>选择登录的人</title>
<h1>以谁的身份登录 {{ app }}</h1>
<ul>{% for person in people %}
<li><a href="{{ person.url }}">{{ person.name }}</a> {{ person.unit }}</li>{% endfor %}</ul></html>
"""
REFUSAL = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>无法登录</title><h1>{{ text }}</h1></html>"""


def _world() -> World:
    world = current_app.extensions["world"]
    assert isinstance(world, World)
    return world


@oauth_pages.get("/connect/oauth2/authorize")
def authorize() -> Response | tuple[str, int]:
    """Sign in inside WeCom; `as=ID` skips the choice of a person."""
    if request.args.get("response_type") != "code":
        return _refuse("response_type 应为 code")
    scope = request.args.get("scope", "")
    if scope not in ("snsapi_base", "snsapi_privateinfo"):
        return _refuse("scope 参数错误")
    return _sign_in(private=scope == "snsapi_privateinfo")


@oauth_pages.get("/wwlogin/sso/login")
def login() -> Response | tuple[str, int]:
    """Sign in with a browser outside WeCom."""
    if request.args.get("login_type", "CorpApp") != "CorpApp":
        return _refuse("login_type 参数错误")
    return _sign_in(private=False)


def _sign_in(*, private: bool) -> Response | tuple[str, int]:
    world = _world()
    if request.args.get("appid") != world.corp.corp_id:
        return _refuse("appid 参数错误")
    agentid = request.args.get("agentid", str(world.app.agentid))
    app = world.apps.get(int(agentid)) if agentid.isdigit() else None
    if app is None:
        return _refuse("agentid 参数错误")
    target = urlsplit(request.args.get("redirect_uri", ""))
    if target.scheme not in ("http", "https") or not target.netloc:
        return _refuse("redirect_uri 参数错误")
    if app.trusted_domains is not None and target.hostname not in app.trusted_domains:
        return _refuse("redirect_uri 与配置的授权完成回调域名不一致")
    person = request.args.get("as", "")
    if not person:
        return _choose(world, app.name)
    member = world.directory.find(person)
    if member is None and not world.customers.find(person):
        return _refuse("没有这个人")
    code = world.oauth.new_code(member.userid if member else person, app.agentid, private=private)
    query = [*parse_qsl(target.query), ("code", code), ("state", request.args.get("state", ""))]
    return redirect(urlunsplit(target._replace(query=urlencode(query))))


def _choose(world: World, app_name: str) -> tuple[str, int]:
    def entry(person: str, name: str, unit: str) -> dict[str, str]:
        query = [*request.args.items(), ("as", person)]
        return {"url": f"{request.path}?{urlencode(query)}", "name": name, "unit": unit}

    departments = world.directory.departments
    people = [
        entry(m.userid, m.name, departments[m.departments[0]].name if m.departments else "")
        for m in world.directory.members
        if m.status == 1
    ]
    people += [entry(c.external_userid, c.name, "客户") for c in world.customers.all()]
    return render_template_string(CHOICE, app=app_name, people=people), 200


def _refuse(text: str) -> tuple[str, int]:
    return render_template_string(REFUSAL, text=text), 200
