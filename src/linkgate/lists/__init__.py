"""First floor: from what a publisher sends to an engine."""
