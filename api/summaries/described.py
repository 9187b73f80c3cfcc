"""How the strategy API is described in OpenAPI; what may be asked is decided in core.summaries.query."""

from typing import Any

from core.summaries.numbers import DIMENSIONS, Symbol

_TEXT = {"type": "string"}
WHY = {
    401: "No key that works.",
    403: "The key does not open this.",
    404: "No such release; a period that is open has none.",
    422: "This can not be asked.",
    429: "Too many wrong keys came from there.",
    503: "The numbers can not be read now.",
}
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {"type": _TEXT, "title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT},
}
PROBLEMS: dict[str, Any] = {
    str(status): {"description": why, "content": {"application/problem+json": {"schema": PROBLEM}}}
    for status, why in WHY.items()
}
SAME = {"304": {"description": "The release that you named in If-None-Match is still the one."}}


def _parameter(name: str, description: str, *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "description": description, "schema": _TEXT}


RELEASE = _parameter("release", "The name of a release or its period; the newest when left out.")
FORMAT = {
    **_parameter("format", "json or csv; else as the Accept header says."),
    "schema": {"enum": ["json", "csv"]},
}
SUMMARY: dict[str, Any] = {
    "parameters": [
        RELEASE,
        _parameter("measure", "A question's id, area, theme or unanchored.", required=True),
        _parameter("by", f"Columns with commas between them: {', '.join(DIMENSIONS)}."),
        _parameter("area", "Only this area."),
        _parameter("question", "Only this question."),
        _parameter("district", "Only this district."),
        _parameter("age", "Only this age group."),
        FORMAT,
    ],
    "responses": {
        "200": {
            "description": "One table. A row has its categories, and either people or a symbol.",
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "required": ["release", "period", "measure", "by", "rows"],
                        "properties": {
                            "release": _TEXT,
                            "period": _TEXT,
                            "measure": _TEXT,
                            "by": {"type": "array", "items": _TEXT},
                            "rows": {
                                "type": "array",
                                "items": {
                                    "type": "object",
                                    "required": ["people", "symbol"],
                                    "properties": {
                                        "people": {"type": ["integer", "null"]},
                                        "symbol": {"enum": [None, *Symbol]},
                                    },
                                },
                            },
                        },
                    }
                },
                "text/csv": {"schema": _TEXT},
            },
        },
        **SAME,
        **PROBLEMS,
    },
}


def _listing(name: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    schema = {
        "type": "object",
        "required": [name],
        "properties": {name: {"type": "array", "items": {"type": "object"}}},
    }
    answer = {"description": "The list.", "content": {"application/json": {"schema": schema}}}
    return {"parameters": list(parameters), "responses": {"200": answer, **SAME, **PROBLEMS}}


RELEASES = _listing("releases")
QUESTIONS = _listing("questions", RELEASE)
THEMES = _listing("themes", RELEASE)
