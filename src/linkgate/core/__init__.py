"""The ground floor: pure. No file, socket, clock, log or global; what it needs is handed in."""
