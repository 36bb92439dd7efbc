"""The floors of the house: imports only go down (DESIGN: core, lists, fronts)."""

import ast
import itertools
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "linkgate"
IMPURE = {
    *("os", "io", "socket", "time", "logging", "random", "requests", "tldextract", "pathlib", "tempfile"),
    *("subprocess", "threading", "urllib3", "click", "rich", "shutil", "datetime"),
}
ONLY_HOME = {
    "tldextract": "lists/guard.py",
    "requests": "lists/fetch.py",
    "ahocorasick": "core/prefilter/automaton.py",
    "faiss": "core/digests/near_values.py",
}


def modules(floor: str = "") -> list[Path]:
    return sorted((SOURCE / floor).rglob("*.py"))


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Every dotted name that a file imports, wherever in the file."""
    return tuple(imports_in(path))


def imports_in(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    yield from strings_imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are absolute"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def inside(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def label(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


@pytest.mark.parametrize("path", modules("core"), ids=label)
def test_core_touches_nothing(path: Path) -> None:
    for name in imports(path):
        assert name.split(".")[0] not in IMPURE, name
        if inside(name, "linkgate"):
            assert inside(name, "linkgate.core") or inside(name, "linkgate.errors"), name


@pytest.mark.parametrize("path", modules("columns"), ids=label)
def test_columns_stand_on_core_alone(path: Path) -> None:
    for name in imports(path):
        if inside(name, "linkgate"):
            assert any(inside(name, f"linkgate.{floor}") for floor in ("core", "columns", "errors")), name


@pytest.mark.parametrize("path", modules("lists"), ids=label)
def test_lists_stand_on_core_alone(path: Path) -> None:
    for name in imports(path):
        if inside(name, "linkgate"):
            assert any(inside(name, f"linkgate.{floor}") for floor in ("core", "lists", "errors")), name


@pytest.mark.parametrize("path", modules("decisions"), ids=label)
def test_decisions_stand_on_core_and_lists(path: Path) -> None:
    for name in imports(path):
        if inside(name, "linkgate"):
            assert any(inside(name, f"linkgate.{floor}") for floor in ("core", "lists", "decisions", "errors")), name


@pytest.mark.parametrize("path", modules("fronts"), ids=label)
def test_fronts_see_the_face_alone(path: Path) -> None:
    floors = ("core", "lists", "decisions", "errors")
    for name in imports(path):
        assert not any(inside(name, f"linkgate.{floor}") for floor in floors), name


@pytest.mark.parametrize("package", sorted(ONLY_HOME))
def test_a_library_has_one_home(package: str) -> None:
    users = [path for path in modules() if any(inside(name, package) for name in imports(path))]
    assert {label(path) for path in users} <= {ONLY_HOME[package]}


def test_no_module_is_a_drawer() -> None:
    drawers = {"utils", "common", "helpers", "types"}
    assert not drawers & {part for path in modules() for part in path.with_suffix("").parts[-2:]}


def test_no_two_modules_have_one_name() -> None:
    names = Counter(path.stem for path in modules() if not path.stem.startswith("__"))
    assert [name for name, count in names.items() if count > 1] == []


def test_no_two_public_classes_have_one_name() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in modules()]
    classes = Counter(node.name for tree in trees for node in tree.body if isinstance(node, ast.ClassDef))
    assert [name for name, count in classes.items() if count > 1 and not name.startswith("_")] == []


def test_no_floor_imports_in_a_circle() -> None:
    names = {".".join(("linkgate", *path.relative_to(SOURCE).with_suffix("").parts)): path for path in modules()}
    names = {name.removesuffix(".__init__"): path for name, path in names.items()}
    graph = {name: set(runtime_imports(path, set(names))) - {name} for name, path in names.items()}
    del graph["linkgate"]  # the face loads its names when they are asked for
    while leaves := {name for name, needs in graph.items() if not needs & set(graph)}:
        graph = {name: needs for name, needs in graph.items() if name not in leaves}
    assert not graph


def runtime_imports(path: Path, known: set[str]) -> Iterator[str]:
    """The linkgate modules that a file loads when it is imported, or by a string later: not those for type checkers."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module:
            parts = {f"{node.module}.{name.name}" for name in node.names}
            yield from parts if parts <= known else {node.module} & known
    yield from set(strings_imported(tree)) & known


def strings_imported(tree: ast.AST) -> Iterator[str]:
    """What is imported by a name in a string."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "import_module":
            yield from (str(part.value) for part in node.args if isinstance(part, ast.Constant))


def test_the_ground_needs_no_package_but_four() -> None:
    """Two more where pictures are looked up, which few do."""
    pictures = {ONLY_HOME["faiss"], "core/digests/near_join.py"}
    plain = [path for path in modules("core") if label(path) not in pictures]
    wanted = set(itertools.chain.from_iterable(map(imports, plain)))
    foreign = {name.split(".")[0] for name in wanted} - set(sys.stdlib_module_names) - {"linkgate"}
    assert foreign <= {"ada_url", "ahocorasick", "idna", "msgspec"}
