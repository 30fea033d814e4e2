"""The documentation page, drawn here from the OpenAPI document: no script, nothing from another host."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from html import escape
from typing import Any, Final

STYLE: Final = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
h2 { border-top: 1px solid #ccc; margin-top: 2rem; padding-top: 1rem; }
code, pre { background: #f4f4f4; font-size: 13px; }
pre { overflow-x: auto; padding: .8rem; }
td { padding: .1rem 1rem .1rem 0; vertical-align: top; }
"""
_HASH: Final = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
CONTENT_POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; frame-ancestors 'none'; base-uri 'none'"
)


def docs_page(document: dict[str, Any]) -> str:
    """Every route with its parameters and the answers to its examples."""
    info = document["info"]
    body = "".join(
        _route(f"{method.upper()} {path}", operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(info["title"])}</title>'
        f"<style>{STYLE}</style></head><body><h1>{escape(info['title'])}</h1>"
        f'<p>{escape(info["description"])}</p><p><a href="/openapi.json">OpenAPI</a></p>{body}</body></html>'
    )


def _route(title: str, operation: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(one['name'])}</code></td><td>{escape(one['in'])}"
        f"{', required' if one.get('required') else ''}</td>"
        f"<td>{escape(one.get('description', ''))}</td></tr>"
        for one in operation.get("parameters", ())
    )
    text = "".join(f"<p>{escape(part)}</p>" for part in operation.get("description", "").split("\n\n"))
    return f"<h2><code>{escape(title)}</code></h2>{text}<table>{rows}</table>{''.join(_examples(operation))}"


def _examples(operation: dict[str, Any]) -> Iterator[str]:
    for answer in operation["responses"].values():
        for content in answer.get("content", {}).values():
            for example in content.get("examples", {}).values():
                value = json.dumps(example["value"], ensure_ascii=False, indent=2)
                yield (
                    f"<details><summary><code>{escape(example['summary'])}</code></summary>"
                    f"<pre>{escape(value)}</pre></details>"
                )
