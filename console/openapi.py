"""`/api/openapi.json`: the addresses for programs, described from the very models that check what comes."""

from functools import cache
from typing import Any

from flask import Blueprint, Response
from pydantic.json_schema import models_json_schema

from console.api_body import ChangeOut, ProblemOut, TicketOut, TicketReport
from console.auth import PUBLIC
from console.problem import WORDS, as_json

_REF = "#/components/schemas/{model}"
_PROBLEMS = (401, 403, 429, 500, 503)

pages = Blueprint("openapi", __name__)
pages.before_request(PUBLIC)


@pages.get("/api/openapi.json")
def show() -> Response:
    """The document; it tells of no data and needs no key."""
    return as_json(document())


@cache
def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    sent = [(TicketReport, "validation")]
    told = [(model, "serialization") for model in (TicketOut, ProblemOut, ChangeOut)]
    _, schemas = models_json_schema([*sent, *told], ref_template=_REF)  # type: ignore[list-item]  # modes are plain words here
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "邻格：外部系统报诉求",
            "version": "1",
            "description": "报一件、查一件；状态变了由回调告知。",
        },
        "security": [{"key": []}],
        "paths": _paths(),
        "webhooks": {"ticketChanged": {"post": _webhook()}},
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "flask system add 给的密钥"}
            },
            "responses": {str(status): _problem(status) for status in WORDS},
        },
    }


def _paths() -> dict[str, Any]:
    number = {"name": "number", "in": "path", "required": True, "schema": {"type": "string"}}
    outside_id = {"name": "outside_id", "in": "query", "required": True, "schema": {"type": "string"}}
    return {
        "/api/tickets": {
            "post": {
                "operationId": "fileTicket",
                "summary": "报一件诉求；同一个 outside_id 再发一次不会重复",
                "requestBody": {"required": True, "content": _json("TicketReport")},
                "responses": {
                    "201": _ticket("新立了一件"),
                    "200": _ticket("这一件之前报过，内容一样"),
                    "409": {**_problem(409), "description": "这个 outside_id 之前报过内容不同的一件"},
                    "422": {**_problem(422), "description": "有几项不合要求，errors 逐项说明"},
                    **_failures(400, 413, 415),
                },
            },
            "get": {
                "operationId": "findTicket",
                "summary": "按本系统的编号查",
                "parameters": [outside_id],
                "responses": {"200": _ticket("现在的状态"), **_failures(400, 404)},
            },
        },
        "/api/tickets/{number}": {
            "get": {
                "operationId": "showTicket",
                "summary": "按邻格的编号查",
                "parameters": [number],
                "responses": {"200": _ticket("现在的状态"), **_failures(404)},
            },
        },
    }


def _webhook() -> dict[str, Any]:
    headers = ("Linge-Delivery", "Linge-Timestamp", "Linge-Signature")
    return {
        "summary": "状态变了，发到系统登记的回调地址；可能重发，Linge-Delivery 相同",
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": {"type": "string"}} for name in headers
        ],
        "requestBody": {"required": True, "content": _json("ChangeOut")},
        "responses": {"2XX": {"description": "收到了；别的回答会过一会儿再发"}},
    }


def _ticket(meaning: str) -> dict[str, Any]:
    return {"description": meaning, "content": _json("TicketOut")}


def _failures(*own: int) -> dict[str, Any]:
    return {str(status): {"$ref": f"#/components/responses/{status}"} for status in sorted({*own, *_PROBLEMS})}


def _problem(status: int) -> dict[str, Any]:
    return {"description": WORDS.get(status, WORDS[400]), "content": _json("ProblemOut", "application/problem+json")}


def _json(model: str, kind: str = "application/json") -> dict[str, Any]:
    return {kind: {"schema": {"$ref": _REF.format(model=model)}}}
