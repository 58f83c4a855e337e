"""What the public side answers, in the words of OpenAPI 3.1, for tests and for proxies."""

from collections.abc import Mapping

from distribute.web.public.house import House
from distribute.web.public.reading import FORM_SIZE

_PAGE = {"text/html": {"schema": {"type": "string"}}}
_TEXT = {"text/plain": {"schema": {"type": "string"}}}
_WORDS = {
    "200": "A page.",
    "400": "Not a form that can be read.",
    "403": "Not signed by the provider.",
    "404": "No such page, or a link that we did not make.",
    "408": "It took too long to arrive.",
    "410": "A link that was good once.",
    "413": "Too large.",
    "415": "Not a form.",
    "422": "The form has to be mended; it is shown again.",
    "429": "Too often from this network; see Retry-After.",
    "503": "Not now; see Retry-After.",
}
_LANG = {
    "name": "lang",
    "in": "query",
    "description": "The language of the page, as a tag of BCP 47.",
    "schema": {"type": "string"},
}
_TOKEN = {
    "name": "token",
    "in": "path",
    "required": True,
    "description": "From a link in a mail. It works for its own purpose alone.",
    "schema": {"type": "string", "minLength": 1, "pattern": "^[A-Za-z0-9_-]+$"},
}
_TAG = {"type": "string", "maxLength": 35}
_CHOICES = {
    "name": {"type": "string", "maxLength": 100},
    "first": _TAG,
    "second": _TAG,
    "third": _TAG,
    "only": {"type": "string", "maxLength": 1},
}
_ASKING = {
    "email": {"type": "string", "format": "email", "maxLength": 254},
    "website": {"type": "string", "maxLength": 0},
    "begun": {"type": "string"},
}


def description(house: House) -> dict[str, object]:
    """Describe every address that answers, but for the files of the site."""
    return {
        "openapi": "3.1.0",
        "info": {"title": house.publication.title, "version": "1"},
        "servers": [{"url": house.root or "/"}],
        "paths": {
            "/subscribe": {
                "get": _operation("Show the form for joining", "200"),
                "post": _operation(
                    "Ask to join",
                    "200 400 408 413 415 422 429 503",
                    body=_form(_ASKING | _CHOICES, "email", "begun"),
                ),
            },
            "/confirm/{token}": {
                "parameters": [_TOKEN],
                "get": _operation("Show the button to confirm", "200 404 410"),
                "post": _operation("Join", "200 404 410 503"),
            },
            "/u/{token}": {
                "parameters": [_TOKEN],
                "get": _operation("Show the button to leave", "200 404 503"),
                "post": _operation(
                    "Leave, also in one click (RFC 8058)",
                    "200 400 404 408 413 503",
                    body=_form({"List-Unsubscribe": {"const": "One-Click"}}),
                ),
            },
            "/p/{token}": {
                "parameters": [_TOKEN],
                "get": _operation("Show one's own choices", "200 404 503"),
                "post": _operation(
                    "Choose",
                    "200 400 404 408 413 415 422 503",
                    body=_form(_CHOICES | {"pause": {"type": "string"}}),
                ),
            },
            "/link": {
                "get": _operation("Show the form for one's own link", "200"),
                "post": _operation(
                    "Have one's own link sent",
                    "200 400 408 413 415 422 429 503",
                    body=_form(_ASKING, "email", "begun"),
                ),
            },
            "/hooks/{provider}": {
                "parameters": [_provider(house)],
                "post": _operation(
                    "Tell about mails that came back",
                    "200 403 404 408 413 503",
                    body={"application/json": {"schema": {}}},
                    answer=_TEXT,
                ),
            },
            "/healthz": {
                "get": _operation("Tell whether it works", "200 503", answer=_TEXT)
            },
        },
    }


def _operation(
    summary: str,
    statuses: str,
    *,
    body: Mapping[str, object] | None = None,
    answer: Mapping[str, object] = _PAGE,
) -> dict[str, object]:
    described: dict[str, object] = {
        "summary": summary,
        "parameters": [_LANG] if answer is _PAGE else [],
        "responses": {
            status: {
                "description": _WORDS[status],
                "content": {**_PAGE, **answer},
            }
            for status in statuses.split()
        },
    }
    if body is not None:
        described["requestBody"] = {
            "content": body,
            "description": f"At most {FORM_SIZE} octets.",
        }
    return described


def _form(properties: Mapping[str, object], *required: str) -> dict[str, object]:
    schema = {"type": "object", "properties": properties, "required": list(required)}
    return {"application/x-www-form-urlencoded": {"schema": schema}}


def _provider(house: House) -> dict[str, object]:
    known = {"enum": sorted(house.hooks)} if house.hooks else {}
    return {
        "name": "provider",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "minLength": 1, **known},
    }
