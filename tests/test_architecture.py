"""The rules of the house, held by a test: who may import whom, what the stages are called, how long code may be."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
WORKERS = PROJECT / "workers"
FILES = sorted(WORKERS.rglob("*.py"))
VERBS = ("poll", "fetch", "extract", "identify", "tag", "index")
FILE_LINES, FUNCTION_LINES = 250, 40
SERVERS = {"celery", "kombu", "redis", "elasticsearch", "elastic_transport", "apsw", "click"}
# a verb's adapters: the files in which a server may be talked to
ADAPTERS = re.compile(r"workers/index/(elasticsearch|sqlite|reindex)\w*\.py$")


def name_of(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path))


@cache
def imports(path: Path, *, top: bool = False) -> set[str]:
    """The modules that a file imports, all of them or those at its top level."""
    nodes = tree_of(path).body if top else list(ast.walk(tree_of(path)))
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def roots(modules: set[str]) -> set[str]:
    return {module.split(".")[0] for module in modules}


@pytest.mark.parametrize("verb", VERBS)
def test_a_verbs_core_knows_no_server(verb: str) -> None:
    for path in (WORKERS / verb).rglob("*.py"):
        if not ADAPTERS.search(name_of(path)):
            # apsw.unicode cuts words; it opens nothing
            assert not roots(imports(path) - {"apsw.unicode"}) & SERVERS, name_of(path)


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_imports_neither_orchestration_nor_state(verb: str) -> None:
    above = ("workers.pipeline", "workers.tasks", "workers.runtime", "workers.state", "workers.cli", "workers.operate")
    for path in (WORKERS / verb).rglob("*.py"):
        wrong = {module for module in imports(path) if module.startswith(above)}
        assert not wrong, f"{name_of(path)} imports {wrong}"


@pytest.mark.parametrize("verb", VERBS)
def test_a_verbs_core_never_reads_the_clock(verb: str) -> None:
    clock = re.compile(r"datetime\.now\(|datetime\.utcnow\(|\btime\.time\(|date\.today\(")
    for path in (WORKERS / verb).rglob("*.py"):
        if verb == "fetch" or ADAPTERS.search(name_of(path)):
            continue  # adapters: their clock is an argument with a default
        assert not clock.search(text_of(path)), name_of(path)


def test_only_the_state_package_talks_to_redis() -> None:
    allowed = ("workers/state/", "workers/operate/embedded_redis.py", "workers/operate/doctor.py")
    for path in FILES:
        if not name_of(path).startswith(allowed):
            assert "redis" not in roots(imports(path)), name_of(path)


def test_only_runtime_and_tasks_know_celery() -> None:
    for path in FILES:
        if not name_of(path).startswith(("workers/runtime/", "workers/tasks.py")):
            assert not roots(imports(path)) & {"celery", "kombu"}, name_of(path)


def test_only_bootstrap_builds_adapters() -> None:
    built = re.compile(r"\b(HttpClient|SqliteStore|ElasticsearchStore|CeleryCourier|PageArchive)\(")
    for path in FILES:
        if name_of(path) != "workers/runtime/bootstrap.py":
            uses = [m.group(1) for m in built.finditer(text_of(path))]
            assert not [u for u in uses if f"class {u}" not in text_of(path)], name_of(path)


def test_importing_the_composition_root_opens_nothing() -> None:
    program = (
        "import socket, workers.runtime.bootstrap, workers.tasks\n"
        "import psutil; print(len(psutil.Process().net_connections()))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env={"PATH": ""}, check=True)
    assert done.stdout.strip() == "0"


def test_files_and_functions_stay_short() -> None:
    long = []
    for path in FILES:
        text = text_of(path)
        if text.count("\n") > FILE_LINES and "long because" not in (ast.get_docstring(tree_of(path)) or ""):
            long.append(name_of(path))
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > FUNCTION_LINES and "long because" not in (ast.get_docstring(node) or ""):
                    long.append(f"{name_of(path)}:{node.name} ({lines})")
    assert not long


def test_no_handler_swallows_everything() -> None:
    """One place may: the pipeline's, which counts and dead-letters."""
    found = []
    for path in FILES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ExceptHandler):
                caught = getattr(node.type, "id", None) if node.type else "everything"
                raises = any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
                if caught in ("everything", "Exception", "BaseException") and not raises:
                    found.append(name_of(path))
    assert found == ["workers/pipeline/batch.py"]


def test_every_module_says_what_it_is() -> None:
    for path in FILES:
        text = text_of(path)
        assert not text.strip() or ast.get_docstring(tree_of(path)), name_of(path)


def test_readme_pseudocode_and_tree_name_the_same_stages() -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    flow = (WORKERS / "__init__.py").read_text(encoding="utf-8")
    for verb in VERBS:
        assert (WORKERS / verb / "__init__.py").exists()
        assert f"workers/{verb}" in readme
        assert verb in flow


def test_readme_names_every_setting_and_every_command() -> None:
    from workers.cli.main import COMMANDS
    from workers.runtime.settings import Settings

    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    assert not [name for name in Settings.model_fields if f"KABAR_{name.upper()}" not in readme]
    assert not [name for name in COMMANDS if f"kabar {name}" not in readme]


def test_tests_touch_the_tree_they_mirror() -> None:
    for folder in (PROJECT / "tests" / "unit").iterdir():
        if folder.is_dir() and folder.name != "__pycache__":
            assert (WORKERS / folder.name).is_dir(), folder.name
