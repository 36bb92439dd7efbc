r"""Where messages come from: files of a dozen forms, folders, standard input, a database.

The parent process opens an `Input` and cuts it into chunks of some megabytes, without parsing them;
a worker decodes each chunk alone into a batch of messages. So a run is as wide as its workers, as
small as a few chunks, and can be resumed behind any chunk.

    names ── open_inputs ──> Input ── chunks ──> Chunk ── decode ──> messages (Arrow) and bad records
             expands folders          cuts at record ends  in a worker, by pyarrow's own readers

>>> import tempfile, pathlib
>>> path = pathlib.Path(tempfile.mkdtemp()) / "posts.jsonl"
>>> _ = path.write_text('{"_id": 7, "body": "hi", "created_utc": 0}\n{"_id": 8}\n')
>>> source, = open_inputs([str(path)])
>>> for chunk in source.chunks():
...     messages, bad = decode(chunk, source.plan)
>>> messages.to_pylist()[0]["text"], bad
('hi', [BadRecord(place=2, reason="no field 'body', and no link; name yours with --text", empty=True)])
>>> source.remark.removesuffix(" (guessed; --text, --id, --time and --links name others)")
'JSON lines; text from body, id from _id, time from created_utc, links from every other field'
"""

from __future__ import annotations

from linkgate.fronts.inputs.chunks import FORMS, BadRecord, Chunk, Fields, Plan
from linkgate.fronts.inputs.decoding import decode
from linkgate.fronts.inputs.input import Input
from linkgate.fronts.inputs.names import open_inputs

__all__ = ["FORMS", "BadRecord", "Chunk", "Fields", "Input", "Plan", "decode", "open_inputs"]
