"""Any graph of redirects: hosts of the table alone are contacted, none that is listed, one resolution a hop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from short_world import HOSTS, World, follow, head, to

from linkgate import ShortenerTable, canonicalize
from linkgate.fronts.resolver.walk import MOST_ASKS

if TYPE_CHECKING:
    from short_world import Behaviour

TABLE = HOSTS[:4]
PLACES = [f"{host}/{path}" for host in HOSTS[:5] for path in "abc"]
PLAIN = st.sampled_from(PLACES).map("http://{}".format)
SECURE = st.sampled_from([place for place in PLACES if place < "s5"]).map("https://{}".format)
ODD = st.sampled_from(
    (
        *("/b", "//s1.example/c", "\\\\s2.example\\a", "?x=1", "http://S3.EXAMPLE:80/%61", "http://u@s0.example/b#f"),
        *("http://127.0.0.1/a", "http://169.254.169.254/a", "http://0xa9fea9fe/a", "http://[::ffff:a9fe:a9fe]/a"),
        *(
            "http://s0.example:8080/a",
            "http://s0.example.s5.example/a",
            "tg:x",
            "http://s4.example/a",
            "http://s0.example/",
        ),
    )
)
PAGES = st.one_of(
    st.tuples(PLAIN | SECURE | ODD, st.sampled_from((301, 302, 307, 308))).map(lambda told: to(*told)),
    st.sampled_from((head(200), head(404), head(500), head(302))),
)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(PLACES), PAGES, min_size=3),
    st.lists(PLAIN | SECURE, min_size=1, max_size=5),
    st.sets(st.sampled_from(PLACES), max_size=4),
)
def test_any_graph(pages: dict[str, Behaviour], links: list[str], listed: set[str]) -> None:
    world = World(
        pages=dict(pages), table=ShortenerTable.of(TABLE), listed={str(canonicalize(place)) for place in listed}
    )
    found = follow(world, *links)
    assert {each.host for each in world.seen} <= set(TABLE)
    assert not [each.url for each in world.seen if world.is_listed(each.url)]
    assert set(world.names) <= set(TABLE)
    assert len(world.names) == len(world.seen) == world.connections == world.ended
    assert len(world.seen) <= MOST_ASKS * len({str(canonicalize(link)) for link in links})
    for link, (state, hops) in zip(links, found, strict=True):
        page = canonicalize(link)
        asked = page is not None and world.table.is_short(page) and not world.is_listed(link)
        assert asked or (state, hops) == ("refused", ())
        assert len(hops) <= MOST_ASKS
