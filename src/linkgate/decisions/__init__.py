"""What is decided, and what becomes of it: the handle under its policy, the record, reports and reviews of it."""
