"""index: entries by canonical key."""
