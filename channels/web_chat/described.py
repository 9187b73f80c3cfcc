"""How the way in for scripts is described in OpenAPI: what is sent, and every answer that may come."""

from typing import Any, Final

_TEXT: Final = {"type": "string"}
_SEQ: Final = {"type": "integer", "minimum": 0}
PROBLEM: Final = {
    "type": "object",
    "required": ["title", "status"],
    "properties": {"title": _TEXT, "status": {"type": "integer"}},
}
WHY: Final = {
    400: "The body can not be read.",
    403: "Another site's page sent this.",
    404: "No such conversation, or not yours.",
    409: "That choice is from before.",
    413: "Too long; the first part was kept.",
    422: "This is not a message.",
    429: "Too much at one time; try again later.",
    503: "Nothing can be kept now; nothing was kept.",
}
_CHOICE: Final = {
    "type": "object",
    "required": ["id", "label", "symbol"],
    "properties": {"id": _TEXT, "label": _TEXT, "symbol": {"type": ["string", "null"]}},
}
_MESSAGE: Final = {
    "type": "object",
    "required": ["seq", "author", "text", "easy_text", "choices", "kind"],
    "properties": {
        "seq": _SEQ,
        "author": {"enum": ["you", "bot", "worker"]},
        "text": _TEXT,
        "easy_text": _TEXT,
        "choices": {"type": "array", "items": _CHOICE},
        "kind": {"enum": ["message", "question", "safety", "problem", "worker"]},
        "level": {"enum": ["danger", "worry"]},
    },
}
_MESSAGES: Final = {"type": "array", "items": _MESSAGE}

Responses = dict[int | str, dict[str, Any]]


def _object(description: str, **properties: Any) -> dict[str, Any]:
    optional = {"token"}
    schema = {"type": "object", "required": sorted(set(properties) - optional), "properties": properties}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def problems(*statuses: int) -> Responses:
    """Describe normal "no"s, in words for a person (RFC 9457)."""
    content = {"application/problem+json": {"schema": PROBLEM}}
    return {status: {"description": WHY[status], "content": content} for status in statuses}


def _body(schema: dict[str, Any], *, required: bool) -> dict[str, Any]:
    return {"requestBody": {"required": required, "content": {"application/json": {"schema": schema}}}}


OPENING: Final = _body(
    {"type": "object", "properties": {"client": {"enum": ["api"]}, "only_mine": {"type": "boolean"}}},
    required=False,
)
SENDING: Final = _body(
    {
        "type": "object",
        "required": ["client_id"],
        "properties": {"client_id": {"type": "string", "format": "uuid"}, "text": _TEXT, "choice": _TEXT},
        "oneOf": [{"required": ["text"]}, {"required": ["choice"]}],
    },
    required=True,
)
OPENED: Final[Responses] = {
    201: _object("A conversation and its welcome.", conversation=_TEXT, messages=_MESSAGES, token=_TEXT),
    **problems(403, 422, 429, 503),
}
TAKEN: Final[Responses] = {
    202: _object("Kept, on the disk.", seq=_SEQ),
    200: _object("It had come before.", seq=_SEQ),
    **problems(403, 404, 409, 413, 422, 429, 503),
}
READ: Final[Responses] = {200: _object("What came after.", messages=_MESSAGES), **problems(404, 422, 503)}
STREAMED: Final[Responses] = {
    200: {"description": "The same as events.", "content": {"text/event-stream": {"schema": _TEXT}}},
    **problems(404, 422, 503),
}
FINISHED: Final[Responses] = {
    200: _object("The key is forgotten.", finished={"type": "boolean"}),
    **problems(403, 404, 422, 503),
}
