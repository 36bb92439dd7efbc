"""digests: files by their digests. linkgate takes digests and never media: it opens, decodes and keeps no file."""
