"""TOP: what people and programs outside touch; each file sees linkgate through its face alone."""
