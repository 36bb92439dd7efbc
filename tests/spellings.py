"""Spellings of a link that a browser opens as the same page, as hypothesis strategies."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

    from addresses import Address

IGNORED = ("\u00ad", "\u200b", "\u2060", "\ufe0f", "\ufeff", "\u180e", "\u034f", "\U000e0100")
DOTS = (".", "。", "．", "｡", "%2e", "%2E", "%E3%80%82")
USERINFO = ("user@", "user:pw@", "@", ":@", "a@b@", "other.test@", "other.test:80@", "%40@", "bad.example%2f@")
SLASHES = ("//", "/", "\\\\", "/\\", "////", "")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~\-]")
_ESCAPED = re.compile(r"(%[0-9A-Fa-f]{2})")


@dataclass(frozen=True)
class Spelled:
    """The pieces of a link as it is written."""

    scheme: str
    slashes: str
    userinfo: str
    host: str
    port: str
    path: str
    rest: str
    around: tuple[str, str] = ("", "")

    def __str__(self) -> str:
        inner = f"{self.scheme}{self.slashes}{self.userinfo}{self.host}{self.port}{self.path}{self.rest}"
        return inner.join(self.around)


def plain(address: Address) -> Spelled:
    """An address as its publisher spells it, in pieces."""
    query = "" if address.query is None else f"?{address.query}"
    fragment = "" if address.fragment is None else f"#{address.fragment}"
    port = "" if address.port is None else f":{address.port}"
    return Spelled("http:", "//", "", address.host, port, address.path, query + fragment)


def choices(draw: st.DrawFn, options: tuple[str, ...], count: int) -> list[str]:
    """As many of the options, drawn at once: hypothesis takes its time for each draw."""
    return [options[number % len(options)] for number in draw(st.binary(min_size=count, max_size=count))]


def some(draw: st.DrawFn, text: str, change: Callable[[str], str]) -> str:
    """Each character as it is or changed, escapes left whole."""
    chars = [char for part in _ESCAPED.split(text) for char in ([part] if _ESCAPED.fullmatch(part) else part)]
    changed = choices(draw, ("", "changed"), len(chars))
    return "".join(change(char) if to_change else char for char, to_change in zip(chars, changed, strict=True))


def sprinkled(draw: st.DrawFn, text: str, options: tuple[str, ...]) -> str:
    """One of the options behind each character."""
    return "".join(map("".join, zip(text, choices(draw, options, len(text)), strict=True)))


def _on_name(draw: st.DrawFn, link: Spelled, change: Callable[[str], str]) -> Spelled:
    return link if link.host[0] == "[" else replace(link, host=some(draw, link.host, change))


def _scheme_case(draw: st.DrawFn, link: Spelled) -> Spelled:
    return replace(link, scheme=some(draw, link.scheme, str.upper))


def _https(_: st.DrawFn, link: Spelled) -> Spelled:
    return link if link.port.lstrip(":0") in {"80", "443"} or not link.scheme else replace(link, scheme="https:")


def _slashes(draw: st.DrawFn, link: Spelled) -> Spelled:
    return replace(link, slashes=draw(st.sampled_from(SLASHES))) if link.scheme else link


def _userinfo(draw: st.DrawFn, link: Spelled) -> Spelled:
    return replace(link, userinfo=draw(st.sampled_from(USERINFO))) if link.scheme else link


def _host_case(draw: st.DrawFn, link: Spelled) -> Spelled:
    return replace(link, host=some(draw, link.host, lambda char: char if char == "ß" else char.upper()))


def _host_escapes(draw: st.DrawFn, link: Spelled) -> Spelled:
    return _on_name(draw, link, lambda char: char if len(char) > 1 else "".join(f"%{b:02x}" for b in char.encode()))


def _full_width(draw: st.DrawFn, link: Spelled) -> Spelled:
    return _on_name(draw, link, lambda char: chr(ord(char) + 0xFEE0) if len(char) == 1 and "!" <= char <= "~" else char)


def _host_dots(draw: st.DrawFn, link: Spelled) -> Spelled:
    return _on_name(draw, link, lambda char: draw(st.sampled_from(DOTS)) if char == "." else char)


def _ignored(draw: st.DrawFn, link: Spelled) -> Spelled:
    ignored = iter(choices(draw, IGNORED, len(link.host)))
    return _on_name(draw, link, lambda char: char + next(ignored) if len(char) == 1 and char.isascii() else char)


def _trailing_dot(_: st.DrawFn, link: Spelled) -> Spelled:
    return link if link.host[0] == "[" or link.host.endswith(".") else replace(link, host=f"{link.host}.")


def _port(draw: st.DrawFn, link: Spelled) -> Spelled:
    if not link.scheme:
        return link
    default = ":443" if link.scheme.lower() == "https:" else ":80"
    zeros = "0" * draw(st.integers(0, 5))
    return replace(link, port=f":{zeros}{(link.port or default)[1:]}" if link.port or draw(st.booleans()) else ":")


def _path_escapes(draw: st.DrawFn, link: Spelled) -> Spelled:
    def escaped(char: str) -> str:
        return f"%{ord(char):02x}" if _UNRESERVED.fullmatch(char) else char

    settled = "%" not in link.path and "/." not in link.path  # an escape beside another one may make a third
    return replace(link, path=some(draw, link.path, escaped)) if settled else link


def _dot_segments(draw: st.DrawFn, link: Spelled) -> Spelled:
    extra = draw(st.sampled_from(("./", "x/../", "%2e/", "x/%2E%2e/", "x/.%2e/", ".\\")))
    return replace(link, path="/" + extra + link.path[1:])


def _back_slashes(draw: st.DrawFn, link: Spelled) -> Spelled:
    return replace(link, path=some(draw, link.path, lambda char: "\\" if char == "/" else char))


def _no_scheme(_: st.DrawFn, link: Spelled) -> Spelled:
    dotted = (
        "." in link.host.strip(".") and not link.host[-1].isdigit() and not link.userinfo and link.port in {"", ":8080"}
    )
    return replace(link, scheme="", slashes="") if dotted else link


def _fragment(_: st.DrawFn, link: Spelled) -> Spelled:
    return link if "#" in link.rest else replace(link, rest=f"{link.rest}#x")


def _empty_query(_: st.DrawFn, link: Spelled) -> Spelled:
    return link if link.rest else replace(link, rest="?")


def _radix(draw: st.DrawFn, link: Spelled) -> Spelled:
    if not link.scheme or not re.fullmatch(r"[0-9]+(\.[0-9]+){3}", link.host):
        return link
    parts = [int(part) for part in link.host.split(".")]
    whole = sum(part << (8 * (3 - place)) for place, part in enumerate(parts))
    written = [draw(st.sampled_from((f"{part}", f"0x{part:X}", f"0{part:o}", f"0X00{part:x}"))) for part in parts]
    return replace(link, host=draw(st.sampled_from((".".join(written), f"{whole}", f"0x{whole:x}", f"0{whole:o}"))))


def _v6_forms(draw: st.DrawFn, link: Spelled) -> Spelled:
    forms = {
        "[2001:db8::7]": ("[2001:DB8:0:0:0:0:0:7]", "[2001:0db8::0.0.0.7]", "[2001:db8:0000::0:7]"),
        "[2001:db8:0:1::ff]": ("[2001:db8:0:1:0:0:0:FF]", "[2001:db8::1:0:0:0:ff]"),
    }
    return replace(link, host=draw(st.sampled_from(forms[link.host]))) if link.host in forms else link


def _controls(draw: st.DrawFn, link: Spelled) -> Spelled:
    """A browser drops tabs and newlines wherever they stand, and control characters around a link."""
    around = st.sampled_from(("", " ", "\0\x1f", "\r\n "))
    changed = {
        name: sprinkled(draw, getattr(link, name), ("", "", "\t", "\r\n")) for name in ("scheme", "host", "path")
    }
    return replace(link, around=(draw(around), draw(around)), **changed)


IN_TEXT = (
    *(_scheme_case, _https, _slashes, _userinfo, _host_case, _host_escapes, _full_width, _host_dots, _ignored),
    *(_trailing_dot, _port, _path_escapes, _dot_segments, _back_slashes, _no_scheme, _fragment, _empty_query),
    *(_radix, _v6_forms),
)


@st.composite
def spellings(draw: st.DrawFn, address: Address, *, hidden: bool) -> str:
    """A spelling that a browser opens as the same page: up to four changes, controls last."""
    link = plain(address)
    for change in draw(st.lists(st.sampled_from(IN_TEXT), max_size=4, unique=True)):
        link = change(draw, link)
    return str(_controls(draw, link) if hidden and draw(st.booleans()) else link)
