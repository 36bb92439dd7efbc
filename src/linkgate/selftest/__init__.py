"""The test of an installed gate: canaries in every spelling go in, a dated certificate comes out.

Every engine that linkgate compiles carries canaries, entries under reserved names. The test sends
every class of spellings of each through whatever stands between a message and a verdict, and near
misses that must stay clear:

>>> import datetime
>>> import linkgate
>>> engine = linkgate.compile_lines(["http://bad.example/page"]).engine
>>> trial = run(one_by_one(engine.check), carried=engine.canaries)
>>> certificate = Certificate(trial=trial, date=datetime.datetime.now(datetime.UTC), via="library")
>>> certificate.passed, certificate.slipped
(True, ())
>>> document, page = certificate.to_json(), to_html(certificate)

`linkgate selftest` does this for the library, the command line, and a running sidecar. To test a path of
your own, a queue or a bot, give `run` a function that sends the messages down that path.
"""

from linkgate.selftest.certificate import Certificate, Row
from linkgate.selftest.page import to_html
from linkgate.selftest.probes import Probe
from linkgate.selftest.table import probes
from linkgate.selftest.trial import Answer, ProbeOutcome, Trial, one_by_one, run

__all__ = ["Answer", "Certificate", "Probe", "ProbeOutcome", "Row", "Trial", "one_by_one", "probes", "run", "to_html"]
