"""prefilter: could this text matter, and where."""
