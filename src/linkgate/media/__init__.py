"""`python -m linkgate.media FILE…`: the digests of files, for tests and batch jobs. It stores nothing.

It is no part of the gate, which takes digests and opens no file. Each file is a line of JSON, as `media` takes it, with
its name as id. PDQ is there for pictures, where the extra `hashing` (pdqhash, Pillow) is installed; pdqhash comes as
source, and takes a compiler.
"""
