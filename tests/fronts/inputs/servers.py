"""Throw-away database servers: real ones, each in a folder of its own, on a loopback port, as an unprivileged user."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

PASSWORD = "hunter2"  # noqa: S105  # what must not be shown
_SECONDS = 60
_SMALL = ("--innodb-buffer-pool-size=64M", "--innodb-flush-log-at-trx-commit=0", "--performance-schema=OFF")


@dataclass(frozen=True)
class Server:
    """A server that runs, and its database `forum`, which `reader` may read with a password."""

    driver: str
    port: int
    owner: sa.Engine = field(repr=False)

    def url(self, *, port: int | None = None, user: str = f"reader:{PASSWORD}", **query: str) -> str:
        """What to scan; over another port, where something stands between."""
        address = sa.URL.create(self.driver, host="127.0.0.1", port=port or self.port, database="forum", query=query)
        whole = address.render_as_string(hide_password=False)
        return whole.replace("://", f"://{user}@", 1)

    def execute(self, *statements: str) -> None:
        """Have the owner do something."""
        with self.owner.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def insert(self, statement: str, rows: list[dict[str, Any]]) -> None:
        """Fill a table; values as `:name`."""
        with self.owner.begin() as connection:
            connection.execute(sa.text(statement), rows)


@contextlib.contextmanager
def postgres() -> Iterator[Server]:
    """PostgreSQL, or a skip that says why not."""
    psycopg = pytest.importorskip("psycopg", reason="no driver for PostgreSQL: pip install 'psycopg[binary]'")
    assert psycopg
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    initdb = str(found[-1]) if found else shutil.which("initdb")
    if initdb is None:
        pytest.skip("no PostgreSQL here: apt-get install postgresql")
    with _folder() as folder:
        data, port = str(folder / "data"), free_port()
        _call(initdb, "-D", data, "-U", "owner", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        (folder / "data" / "pg_hba.conf").write_text(
            "host all owner 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
        )
        program = str(Path(initdb).with_name("postgres"))
        options = ("-h", "127.0.0.1", "-p", str(port), "-k", str(folder), "-F", "-c", "listen_addresses=127.0.0.1")
        with _running(program, "-D", data, *options):
            owner = _waited_for(f"postgresql+psycopg://owner@127.0.0.1:{port}/postgres")
            with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("CREATE DATABASE forum")
            owner.dispose()
            yield from _ready(Server("postgresql+psycopg", port, _engine(owner.url.set(database="forum"))), _GRANTED)


_GRANTED = (
    f"CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}'",
    "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader",
)


@contextlib.contextmanager
def mariadb() -> Iterator[Server]:
    """MariaDB, which MySQL's drivers speak to; or a skip that says why not."""
    pytest.importorskip("pymysql", reason="no driver for MySQL: pip install pymysql")
    install, program = (shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") for name in _MARIADB)
    if install is None or program is None:
        pytest.skip("no MariaDB here: apt-get install mariadb-server")
    with _folder() as folder:
        # A server that starts removes the temporary tables of whoever shares its folder for them.
        data, port = (f"--datadir={folder}/data", f"--tmpdir={folder}"), free_port()
        _call(install, "--no-defaults", *data, "--auth-root-authentication-method=normal", "--skip-test-db", *_SMALL)
        where = (f"--socket={folder}/socket", f"--pid-file={folder}/pid", f"--port={port}")
        with _running(program, "--no-defaults", *data, *where, "--bind-address=127.0.0.1", *_SMALL):
            owner = _waited_for(f"mysql+pymysql://root@127.0.0.1:{port}/mysql")
            yield from _ready(Server("mysql+pymysql", port, owner), _MARIADB_GRANTED)


_MARIADB = ("mariadb-install-db", "mariadbd")
_MARIADB_GRANTED = (
    "CREATE DATABASE forum CHARACTER SET utf8mb4",
    f"CREATE USER reader@'127.0.0.1' IDENTIFIED BY '{PASSWORD}'",
    f"CREATE USER reader@localhost IDENTIFIED BY '{PASSWORD}'",
    "GRANT SELECT ON forum.* TO reader@'127.0.0.1'",
    "GRANT SELECT ON forum.* TO reader@localhost",
    "USE forum",
)


SERVERS = {"postgres": postgres, "mariadb": mariadb}


def _ready(server: Server, granted: tuple[str, ...]) -> Iterator[Server]:
    server.execute(*granted)
    if server.driver.startswith("mysql"):
        server.owner.dispose()
        server = Server(server.driver, server.port, _engine(server.owner.url.set(database="forum")))
    yield server
    server.owner.dispose()


def _engine(url: sa.URL | str) -> sa.Engine:
    return sa.create_engine(url, poolclass=sa.NullPool)


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """A folder that the server's user can reach, which those of pytest are not when root runs it."""
    with tempfile.TemporaryDirectory(prefix="linkgate-", ignore_cleanup_errors=True) as name:
        if (user := _user()) is not None:
            os.chown(name, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
        yield Path(name)


def _user() -> str | None:
    """Neither server runs as root."""
    return "nobody" if os.geteuid() == 0 else None


def _as_user() -> dict[str, Any]:
    return {"user": _user(), "group": "nogroup", "extra_groups": []} if _user() else {}


def _call(*command: str) -> None:
    done = subprocess.run(command, cwd="/", capture_output=True, check=False, timeout=_SECONDS, **_as_user())
    assert done.returncode == 0, done.stderr.decode()


@contextlib.contextmanager
def _running(*command: str) -> Iterator[None]:
    silent = subprocess.DEVNULL
    with subprocess.Popen(command, cwd="/", stdout=silent, stderr=silent, **_as_user()) as process:
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _waited_for(url: str) -> sa.Engine:
    engine, end = _engine(url), time.monotonic() + _SECONDS
    while True:
        try:
            engine.connect().close()
        except OperationalError:
            assert time.monotonic() < end, "the server did not start"
            time.sleep(0.05)
        else:
            return engine


class Between:
    """Passes connections on to a server, and drops each when the server has sent so many bytes in it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.most = 0
        Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._port))
                Thread(target=self._pass, args=(client, server, None), daemon=True).start()
                Thread(target=self._pass, args=(server, client, self.most), daemon=True).start()

    @staticmethod
    def _pass(source: socket.socket, target: socket.socket, most: int | None) -> None:
        count = 0
        with contextlib.suppress(OSError):
            while (most is None or count < most) and (part := source.recv(1 << 14)):
                target.sendall(part)
                count += len(part)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
