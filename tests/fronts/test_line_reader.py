"""Lines are bounded, complete and numbered."""

import io

from hypothesis import given
from hypothesis import strategies as st

from linkgate.fronts.line_reader import BadLine, lines

CONTENT = st.lists(st.sampled_from([b"a", b"\n", b"\r", b"xxxx", b"\xff"])).map(b"".join)


@given(CONTENT, st.integers(min_value=1, max_value=8))
def test_every_line_is_given_or_told(content: bytes, limit: int) -> None:
    plain = io.BytesIO(content).readlines()
    found = list(lines(io.BytesIO(content), limit=limit))
    assert [number for number, _ in found] == list(range(1, len(plain) + 1))
    for (number, line), whole in zip(found, plain, strict=True):
        if len(whole) <= limit:
            assert line == whole
        else:
            assert line == BadLine(number, f"longer than {limit} bytes")
