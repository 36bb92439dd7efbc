"""links: where links begin and end in a text, and links inside links."""
