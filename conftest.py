"""Doctests of an optional part are run where the package that it extends is installed."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("threatexchange") else ["src/linkgate/threatexchange"]
