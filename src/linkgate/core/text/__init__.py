"""text: fold for searching, refang for reading."""
