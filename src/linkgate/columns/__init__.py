"""columns: messages by the million, in Arrow columns; stands on core alone."""
