"""Wrappers: services whose links hold another link. The only statement of each.

A row says what such a link leads to. To add one, add a row with examples. Where the inner host does not
stand in plain letters, escaped or not, the row has a pattern too: it finds the link in a text, and the
prefilter computes its cues from it, as it does for the disguises.

>>> named("base64").pattern is None, named("proxies for pictures").pattern is None
(False, True)
>>> list(named("proxies for pictures").inner("https://images.weserv.nl/?url=ssl:bad.example/page"))
['https://bad.example/page']
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkgate.core.text.patterns import Pattern, either, maybe, one, opaque, seq, text, words
from linkgate.core.wrapping import coded, embedded, mail_gateways, proxies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapper:
    """One row.

    inner: the text of a link -> the links that it may hold. examples: listed addresses, each with a link that
    leads there. pattern: what finds it where the inner host is hidden; None where it stands in plain letters.
    """

    name: str
    inner: Callable[[str], Iterator[str]]
    examples: tuple[tuple[str, str], ...]
    pattern: Pattern | None = None


_PAGE = "http://bad.example/page"
_CID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"
_CONTENT = words("ipfs", "ipns")
_NAME = opaque("[a-z0-9]")
_ARCHIVES = (
    *("web.archive.org/web/2020/http://", "web.archive.org/web/2020id_/", "archive.today/newest/"),
    *("archive.ph/2023.11.01-000000/", "arquivo.pt/wayback/20151014171253/", "webarchive.loc.gov/all/2020/"),
    *("www.webarchive.org.uk/wayback/archive/20200101000000/", "12ft.io/", "www.google.com/amp/s/"),
    *("x.cdn.ampproject.org/c/s/", "x.cdn.ampproject.org/ii/w1000/s/", "x.amp.cloudflare.com/c/s/"),
    "webcache.googleusercontent.com/search?q=cache:AbC:",
)
WRAPPERS: tuple[Wrapper, ...] = (
    Wrapper(
        name="a link with its scheme, anywhere",
        inner=embedded.schemed,
        examples=tuple(
            (_PAGE, f"https://other.example/{form}")
            for form in (
                *(f"go?u=http://bad.example/page{sign}k=1" for sign in "&;,!^@|"),
                "http://bad.example/page",
                "go?u=http%253A%252F%252Fbad.example%252Fpage",
                "go?u=//bad.example/page",
                "#u=http%3A%2F%2Fbad.example%2Fpage&k=1",
            )
        ),
    ),
    Wrapper(
        name="a link escaped as one piece of another",
        inner=embedded.segments,
        examples=(
            (
                "http://bad.example/q?a=1&b=2",
                "https://r.search.yahoo.com/_ylt=A/RO=10/RU=http%3a%2f%2fbad.example%2fq%3fa%3d1%26b%3d2/RK=2/RS=v-",
            ),
            (_PAGE, "https://x.r.us-east-1.awstrack.me/L0/https:%2F%2Fbad.example%2Fpage/1/01020199/p_c=447"),
            (_PAGE, "https://secure-web.cisco.com/1EH1B-CLV31IF8vc/http%3A%2F%2Fbad.example%2Fpage"),
            (_PAGE, "https://other.example/go;u=http%3A%2F%2Fbad.example%2Fpage;k=1"),
        ),
    ),
    Wrapper(
        name="Postmark",
        inner=proxies.postmark,
        examples=((_PAGE, "https://click.pstmrk.it/3s/bad.example%2Fpage/s7HzSskL/DbEk/nnJs/cmVx"),),
    ),
    Wrapper(
        name="apps with schemes of their own",
        inner=embedded.app_schemes,
        examples=(
            (_PAGE, "intent://bad.example/page#Intent;scheme=http;package=com.android.chrome;end"),
            (
                _PAGE,
                "intent://x/#Intent;scheme=foo;S.browser_fallback_url=http%3A%2F%2Fbad.example%2Fpage;end",
            ),
            (_PAGE, "googlechromes://bad.example/page"),
            (_PAGE, "feed://bad.example/page"),
            (_PAGE, "wss://bad.example/page"),
        ),
    ),
    Wrapper(
        name="base64",
        inner=coded.in_base64,
        pattern=seq(words(*coded.ONCE, *coded.TWICE), opaque(r"[A-Za-z0-9+/_\-]{5}", 5)),
        examples=(
            (_PAGE, "https://other.example/?u=aHR0cDovL2JhZC5leGFtcGxlL3BhZ2U"),
            (f"{_PAGE}?x=?", "https://other.example/target/aHR0cDovL2JhZC5leGFtcGxlL3BhZ2U@eD0@"),
            (_PAGE, "https://other.example/?u=eyJ1IjoiaHR0cDovL2JhZC5leGFtcGxlL3BhZ2UifQ"),
            (_PAGE, "https://news.google.com/articles/CBMiF2h0dHA6Ly9iYWQuZXhhbXBsZS9wYWdl0gEA?hl=de&gl=DE"),
            (_PAGE, "https://other.example/?u=aHR0cCUzQSUyRiUyRmJhZC5leGFtcGxlJTJGcGFnZQ"),
            (_PAGE, "https://other.example/?u=YUhSMGNEb3ZMMkpoWkM1bGVHRnRjR3hsTDNCaFoyVQ"),
            (_PAGE, "data:text/html;base64,PGEgaHJlZj0iaHR0cDovL2JhZC5leGFtcGxlL3BhZ2UiPng8L2E+"),
        ),
    ),
    Wrapper(
        name="base64 of an address without a scheme",
        inner=coded.without_scheme,
        pattern=seq(one("?&"), words(*coded.LINK_PARAMETERS), text("="), opaque(r"[A-Za-z0-9+/_\-@]{12}", 12)),
        examples=((_PAGE, "https://other.example/?u=YmFkLmV4YW1wbGUvcGFnZQ"),),
    ),
    Wrapper(
        name="hexadecimal digits",
        inner=coded.in_hex,
        pattern=seq(words(*coded.HEX_STARTS), opaque("[0-9a-f]{14}", 14)),
        examples=(
            (_PAGE, "https://camo.githubusercontent.com/2443e662/687474703a2f2f6261642e6578616d706c652f70616765"),
        ),
    ),
    Wrapper(
        name="Proofpoint URL Defense",
        inner=mail_gateways.proofpoint,
        pattern=text("urldefense."),  # IDNs and hyphens are coded in either version
        examples=(
            (_PAGE, "https://urldefense.com/v3/__http://bad.example/page__;!!x!y$"),
            (_PAGE, "https://urldefense.com/v3/__http://bad.example/page*top__;Iw!!x!y$"),
            ("http://bad.example/caf\u00e9/b", "https://urldefense.us/v3/__http://bad.example/caf*/b__;w6k!!x!y$"),
            (
                "http://bad.example/\u00e9\u00e9/b",
                "https://urldefense.com/v3/__http://bad.example/**A/b__;w6nDqQ!!x!y$",
            ),
            (_PAGE, "https://urldefense.proofpoint.com/v2/url?u=http-3A__bad.example_page&d=DwMF&c=x&r=y&m=z&s=a&e="),
            (_PAGE, "https://urldefense.proofpoint.com/v1/url?u=http%3A%2F%2Fbad.example%2Fpage&k=x"),
        ),
    ),
    Wrapper(
        name="Check Point Harmony, Avanan",
        inner=mail_gateways.check_point,
        examples=(
            (_PAGE, "https://url.avanan.click/v2/___http://bad.example/page___.YXAzOnNhcmFncmlsbG86YTpnOmZl"),
            (_PAGE, "https://url.avanan.click/v2/r01/___http:/bad.example/page___.YXAzOnNhcmFncmlsbG86YTpnOmZl"),
            (_PAGE, "https://protect.checkpoint.com/v2/r05/___https%3A//bad.example/page___.YzJ1OndlY29tbXVuaWN"),
        ),
    ),
    Wrapper(
        name="Mimecast and INKY, which name the host alone",
        inner=mail_gateways.named_host,
        examples=(
            ("bad.example", "https://protect-us.mimecast.com/s/0wSdCVON0gczLDq1tGaO_q?domain=bad.example"),
            ("bad.example", "https://url.au.m.mimecastprotect.com/s/8oK3Cq717ycn?domain=bad.example"),
            ("bad.example", "https://shared.outlook.inky.com/link?domain=bad.example&t=h.eJxtj7tywyAQRX"),
        ),
    ),
    Wrapper(
        name="archives, AMP caches and others whose paths end in the page",
        inner=proxies.named_in_path,
        examples=(
            *((_PAGE, f"https://{archive}bad.example/page") for archive in _ARCHIVES),
            (_PAGE, "https://webcache.googleusercontent.com/search?q=cache:bad.example/page+&cd=1&hl=en"),
        ),
    ),
    Wrapper(
        name="Megalodon",
        inner=proxies.behind(r"//megalodon\.jp/(?:ref/)?[0-9]{4}(?:-[0-9]{2,4}){2,3}/"),
        examples=((_PAGE, "https://megalodon.jp/2020-0101-0930-00/bad.example/page"),),
    ),
    Wrapper(
        name="proxies for pictures",
        inner=proxies.pictures,
        examples=(
            (_PAGE, "https://images-ext-1.discordapp.net/external/AbC-x/https/bad.example/page"),
            (f"{_PAGE}?a=b", "https://images-ext-2.discordapp.net/external/AbC-x/%3Fa%3Db/http/bad.example/page"),
            (_PAGE, "https://images.weserv.nl/?url=ssl:bad.example/page"),
        ),
    ),
    Wrapper(
        name="Google's translation proxy",
        inner=proxies.translated,
        pattern=text(proxies.TRANSLATED),
        examples=(
            (_PAGE, "https://bad-example.translate.goog/page?_x_tr_sl=auto&_x_tr_tl=en"),
            ("http://a-b.bad.example/page?x=1", "https://a--b-bad-example.translate.goog/page?x=1&_x_tr_sl=auto"),
        ),
    ),
    Wrapper(
        name="names of hosts that stand for the address in them",
        inner=proxies.addressed,
        pattern=words(*proxies.RESOLVERS),
        examples=tuple(
            ("http://192.0.2.7/page", f"http://{name}/page")
            for name in ("192.0.2.7.nip.io", "192-0-2-7.sslip.io", "any-192-0-2-7.nip.io", "any-c0000207.nip.io")
        ),
    ),
    Wrapper(
        name="Tor2web and IPFS gateways",
        inner=proxies.content_scheme,
        pattern=either(
            seq(text("/"), _CONTENT, text("/"), _NAME),
            seq(_NAME, text("."), _CONTENT, text("."), _NAME),
            seq(_CONTENT, text("://"), _NAME),
        ),
        examples=(
            ("http://expyuzz4wqqyqhjn.onion/page", "https://expyuzz4wqqyqhjn.onion.ws/page"),
            ("https://expyuzz4wqqyqhjn.onion.pet/page", "https://expyuzz4wqqyqhjn.tor2web.io/page"),
            (f"https://ipfs.io/ipfs/{_CID}/page", f"https://dweb.link/ipfs/{_CID}/page"),
            (f"https://ipfs.io/ipfs/{_CID}/page", f"https://{_CID}.ipfs.dweb.link/page"),
            (f"https://ipfs.io/ipfs/{_CID}/page", f"ipfs://{_CID}/page"),
            (f"https://ipfs.io/ipfs/{_CID}/page", f"dweb:/ipfs/{_CID}/page"),
        ),
    ),
    Wrapper(
        name="Matrix's own scheme",
        inner=embedded.matrix_scheme,
        pattern=seq(text("matrix:"), maybe(text("//")), words("r/", "room/", "roomid/", "u/", "user/")),
        examples=(
            ("https://matrix.to/#/#room:bad.example", "matrix:r/room:bad.example?via=other.example"),
            ("https://matrix.to/#/#room:bad.example", "matrix:r/room:bad.example/e/event"),
        ),
    ),
)
"""The rows, in the order in which they are tried."""


def named(name: str) -> Wrapper:
    """The row of a name; raises KeyError where there is none."""
    return {row.name: row for row in WRAPPERS}[name]
