"""A server of Google Cloud Storage's API on loopback, in a process of its own: gcs_server.py BUCKET NAME FILE.

It says its port when the file is there. In the process of its client it would wait for a lock that the client holds.
"""

from __future__ import annotations

import sys
import urllib.request
from pathlib import Path

from gcp_storage_emulator.server import create_server


def main(bucket: str, name: str, file: str) -> None:
    """Serve until standard input is closed."""
    server = create_server("127.0.0.1", 0, in_memory=True, default_bucket=bucket)
    server.start()
    port = server._api._httpd.server_port
    url = f"http://127.0.0.1:{port}/upload/storage/v1/b/{bucket}/o?uploadType=media&name={name}"
    request = urllib.request.Request(url, Path(file).read_bytes(), {"Content-Type": "application/octet-stream"})
    with urllib.request.urlopen(request) as answer:  # noqa: S310  # ours, on loopback
        answer.read()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
