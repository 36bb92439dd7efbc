"""The page at /docs: the OpenAPI document as one page of HTML that loads nothing.

>>> page = docs_page({"info": {"title": "a<b", "version": "1", "description": ""}, "paths": {}, "components": {}})
>>> "a&lt;b" in page, "<script" in page
(True, False)
"""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def docs_page(document: Mapping[str, Any]) -> str:
    """All endpoints, their answers, and the named schemas."""
    info = document["info"]
    title = f"{info['title']} {info['version']}"
    return "\n".join(
        (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<title>{escape(title)}: HTTP API</title><link rel="stylesheet" href="/page.css"></head><body>',
            f"<header><h1>{escape(title)}</h1><p>{escape(info['description'])}</p></header><main>",
            *_operations(document["paths"]),
            *_schemas(document["components"].get("schemas", {})),
            "</main></body></html>",
        )
    )


def _operations(paths: Mapping[str, Any]) -> Iterator[str]:
    for path, methods in paths.items():
        for method, told in methods.items():
            yield f"<section><h2>{escape(method.upper())} {escape(path)}</h2><p>{escape(told['summary'])}</p>"
            if "requestBody" in told:
                yield _code(told["requestBody"]["content"])
            rows = ((code, each["description"]) for code, each in told["responses"].items())
            yield (
                "<dl>"
                + "".join(f"<dt>{escape(code)}</dt><dd>{escape(text)}</dd>" for code, text in rows)
                + "</dl></section>"
            )


def _schemas(schemas: Mapping[str, Any]) -> Iterator[str]:
    for name, schema in schemas.items():
        yield f'<section id="{escape(name)}"><h2>{escape(name)}</h2>{_code(schema)}</section>'


def _code(value: Any) -> str:
    return f"<pre>{escape(json.dumps(value, indent=2))}</pre>"
