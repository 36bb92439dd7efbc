"""Exports as messengers and networks write them, each record taken apart by a reader of its own."""
