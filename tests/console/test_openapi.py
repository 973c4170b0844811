"""The document for programs: whole, true to the routes, and the docs' example files a ticket."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from console.api_body import TicketOut
from domain.ticket import TICKET
from tests.conftest import Service
from tests.console.outside import HOME, REPORT, Outside, told

TEXT = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def document(service: Service) -> dict[str, Any]:
    found: dict[str, Any] = told(service.app.test_client().get("/api/openapi.json", base_url=HOME))
    return found


def references(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from references(each)


def test_every_reference_leads_somewhere_and_every_answer_says_what_it_is(service: Service) -> None:
    found = document(service)

    assert found["openapi"] == "3.1.0"
    for reference in references(found):
        place: Any = found
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]
        assert place
    operations = [one for path in found["paths"].values() for one in path.values()]
    assert len({one["operationId"] for one in operations}) == len(operations)
    for answer in [answer for one in operations for answer in one["responses"].values()]:
        assert "$ref" in answer or (answer["description"] and answer["content"])


def test_the_document_tells_of_every_route_and_of_no_other(service: Service) -> None:
    told_of = {(path, method) for path, ways in document(service)["paths"].items() for method in ways}
    routes = {
        (re.sub(r"<(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in service.app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert told_of == routes


def test_the_schemas_are_those_of_what_comes_and_goes(service: Service, hotline: Outside) -> None:
    schemas = document(service)["components"]["schemas"]
    sent, answered = schemas["TicketReport"], schemas["TicketOut"]

    assert sent["additionalProperties"] is False
    assert set(sent["required"]) == {"outside_id", "enterprise", "text"}
    assert sent["properties"]["text"]["maxLength"] == 800
    assert set(told(hotline.file())) == set(answered["properties"]) == set(TicketOut.model_fields)


def test_the_examples_of_the_docs_work_as_they_stand(hotline: Outside) -> None:
    bodies = re.findall(r"-d '(\{.*?\})'", TEXT, re.S)
    (asked,) = re.findall(r'"\$LINGE(/api/tickets\?outside_id=[^"]+)"', TEXT)

    filed = [hotline.post(body.encode()) for body in bodies]

    assert [answer.status_code for answer in filed] == [201]
    assert told(hotline.get(asked)) == told(filed[0])
    assert json.loads(bodies[0])["outside_id"] == REPORT["outside_id"]


def test_the_docs_tell_of_every_state_by_its_word() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (\w+) \|", TEXT, re.M))

    assert rows == {code: state.label for code, state in TICKET.states.items()}
