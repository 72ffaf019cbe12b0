"""Builds a real Elasticsearch node from Maven Central's jars and runs it, for tests; nothing of it is mocked.

The published server jar has no x-pack and few modules: no security, ILM, reindex, update-by-query, scripting or data
streams. `java/MissingModules.java` adds the analysis pieces Kabar uses. Needs Maven and a JDK of at least 21.

    python -m tests.elasticsearch_node.node DATA_DIR [PORT]     runs one until standard input ends
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
CACHE = HERE.parents[1] / "build" / "elasticsearch-node"
OLDEST_JAVA = 21
SYSTEM_JDKS = (("/usr/lib/jvm", "*"), ("/opt", "*"), ("/Library/Java/JavaVirtualMachines", "*/Contents/Home"))
MODULES = {  # plugin descriptor name → its class
    "transport-netty4": "org.elasticsearch.transport.netty4.Netty4Plugin",
    "missing-modules": "MissingModules",
}
START_LIMIT = 120.0  # seconds until READY; a busy two-core machine needs about 20


class MissingTool(Exception):
    """Maven or a JDK is missing, or Maven Central can't be reached; the text is one line that says which."""


@dataclass
class Node:
    """A running node. `url` has no slash at its end."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self) -> None:
        """End it in order (flushes), at the latest after 20 s by force."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._reap()

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self._reap()

    def _reap(self) -> None:
        self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()


def build() -> Path:
    """Return the node's folder, building it first when this recipe was not built yet.

    Safe when several test runs ask at once: one builds, the others wait. Raises MissingTool.
    """
    home = CACHE / _recipe_hash()
    if home.exists():
        return home
    jdk, maven = find_jdk(), shutil.which("mvn")
    if maven is None:
        raise MissingTool("Elasticsearch test node: Maven is missing (no `mvn` on PATH)")
    with _locked(CACHE / "lock"):
        if not home.exists():
            shutil.rmtree(unfinished := CACHE / "unfinished", ignore_errors=True)
            _download(maven, unfinished)
            _compile(jdk, unfinished)
            unfinished.rename(home)
    return home


def start(
    data: Path,
    *,
    port: int = 0,
    heap: str = "512m",
    settings: Mapping[str, str] | None = None,
    in_operation: bool = False,
) -> Node:
    """Start a node that keeps its files in `data`, and return once it serves.

    `port` 0: any free one. `settings`: more lines of elasticsearch.yml. `in_operation`: Java compiles as it does there,
    for those who measure; else it starts sooner and what runs often stays slow. Raises MissingTool; RuntimeError with
    the end of its log when it doesn't come up.
    """
    home, jdk = build(), find_jdk()
    data.mkdir(parents=True, exist_ok=True)
    log = data / "node.log"
    given = {"http.port": str(port), **(settings or {})}
    command = [
        str(jdk / "bin" / "java"),
        "-Xms256m",
        f"-Xmx{heap}",
        "-XX:+UseSerialGC",
        *([] if in_operation else ["-XX:TieredStopAtLevel=1"]),
        "--add-modules",
        "jdk.incubator.vector",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        f"{home / 'lib'}/*",
        "TestNode",
        str(home),
        str(data / "data"),
        *(f"{name}={value}" for name, value in given.items()),
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT)
    node = Node("", process, log)
    node.url = f"http://127.0.0.1:{_wait_ready(node)}"
    return node


def find_jdk() -> Path:
    """Return the home of the first JDK that is new enough. Raises MissingTool."""
    on_path = shutil.which("javac")
    named = [os.environ.get("KABAR_TEST_JAVA_HOME", ""), os.environ.get("JAVA_HOME", "")]
    homes = [Path(name) for name in named if name]
    homes += [Path(on_path).resolve().parents[1]] if on_path else []
    homes += [home for folder, pattern in SYSTEM_JDKS for home in sorted(Path(folder).glob(pattern))]
    for home in homes:
        if _java_version(home) >= OLDEST_JAVA:
            return home
    raise MissingTool(f"Elasticsearch test node: no JDK of at least {OLDEST_JAVA} found (set KABAR_TEST_JAVA_HOME)")


def _java_version(home: Path) -> int:
    """Read a JDK's major version from its `release` file: asking javac costs a second each. 0: no JDK here."""
    with contextlib.suppress(OSError):
        if (home / "bin" / "javac").exists():
            text = (home / "release").read_text("utf-8", "replace")
            if found := re.search(r'^JAVA_VERSION="(\d+)', text, re.MULTILINE):
                return int(found[1])
    return 0


def _recipe_hash() -> str:
    files = [HERE / "pom.xml", *sorted((HERE / "java").glob("*.java")), Path(__file__)]
    return hashlib.sha256(b"\x00".join(file.read_bytes() for file in files)).hexdigest()[:16]


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # the system lets go of it when we die
        yield


def _download(maven: str, home: Path) -> None:
    library, transport = home / "lib", home / "modules" / "transport-netty4"
    for folder in (library, transport, home / "config"):
        folder.mkdir(parents=True)
    command = [
        maven,
        "-q",
        "-B",
        "-f",
        str(HERE / "pom.xml"),
        "dependency:copy-dependencies",
        "-DincludeScope=runtime",
        f"-DoutputDirectory={library}",
    ]
    _run(command, "Maven could not fetch Elasticsearch")
    for pattern in ("transport-netty4*.jar", "netty-*.jar"):
        for jar in library.glob(pattern):
            jar.rename(transport / jar.name)


def _compile(jdk: Path, home: Path) -> None:
    version = _elasticsearch_version()
    targets = {"TestNode": home / "lib", "MissingModules": home / "modules" / "missing-modules"}
    for name, folder in targets.items():
        folder.mkdir(exist_ok=True)
        classes = home / "classes" / name
        _run(
            [
                str(jdk / "bin" / "javac"),
                "-proc:none",
                "--release",
                str(OLDEST_JAVA),
                "-cp",
                f"{home / 'lib'}/*",
                "-d",
                str(classes),
                str(HERE / "java" / f"{name}.java"),
            ],
            f"javac refused {name}.java",
        )
        _run([str(jdk / "bin" / "jar"), "cf", str(folder / f"{name}.jar"), "-C", str(classes), "."], "jar failed")
    for name, plugin in MODULES.items():
        lines = {
            "description": name,
            "version": version,
            "name": name,
            "classname": plugin,
            "java.version": str(OLDEST_JAVA),
            "elasticsearch.version": version,
        }
        text = "".join(f"{key}={value}\n" for key, value in lines.items())
        (home / "modules" / name / "plugin-descriptor.properties").write_text(text)
    shutil.rmtree(home / "classes")


def _elasticsearch_version() -> str:
    found = re.search(r"<elasticsearch.version>(.+?)<", (HERE / "pom.xml").read_text())
    assert found
    return found[1]


def _run(command: list[str], problem: str) -> None:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
    if done.returncode:
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        raise MissingTool(f"Elasticsearch test node: {problem}: {lines[0] if lines else 'it said nothing'}")


def _wait_ready(node: Node) -> int:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        text = node.log.read_text("utf-8", "replace")
        if ready := re.search(r"^READY (\d+)$", text, re.MULTILINE):
            return int(ready[1])
        if node.process.poll() is not None:
            break
        time.sleep(0.1)
    node.kill()
    tail = "\n".join(node.log.read_text("utf-8", "replace").splitlines()[-15:])
    raise RuntimeError(f"the Elasticsearch test node did not come up:\n{tail}")


def main(arguments: list[str]) -> None:
    """Run one node in the foreground."""
    node = start(Path(arguments[0]), port=int(arguments[1]) if len(arguments) > 1 else 0)
    print(node.url, flush=True)
    try:
        sys.stdin.read()
    finally:
        node.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
