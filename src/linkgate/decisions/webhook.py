"""Posts JSON to a webhook. What is said of a failure names neither its URL nor its headers: they hold secrets."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

PATIENCE = 10.0
"""Seconds to connect, and to wait for each part of the answer."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Another address would get the headers, too."""

    def redirect_request(self, *_given: Any) -> None:
        """Follow none."""


def post_json(url: str, data: bytes, *, headers: Mapping[str, str]) -> str | None:
    """Post once; what went wrong, None where nothing did. url: http or https."""
    try:
        request = urllib.request.Request(url, data, {"Content-Type": "application/json", **headers})  # noqa: S310  # read_notify
        with urllib.request.build_opener(_NoRedirects).open(request, timeout=PATIENCE):
            return None
    except urllib.error.HTTPError as error:
        error.close()
        return f"the webhook answered {error.code}"
    except urllib.error.URLError as error:
        return f"the webhook cannot be reached ({type(error.reason).__name__})"
    except (OSError, ValueError, http.client.HTTPException) as error:
        return f"the webhook cannot be reached ({type(error).__name__})"
