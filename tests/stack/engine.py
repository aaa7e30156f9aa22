"""A Docker engine of the tests' own: its own folder and socket, no bridge, no rule in the firewall.

Base images cannot be pulled everywhere, so stand-ins are made of Debian's packages under the very
names that the Dockerfile and docker-compose.yml ask for.
"""

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

IMAGES = Path(__file__).parent / "images"
STAND_INS = {
    "python:3.11-slim-bookworm": "python.Dockerfile",
    "postgres:16-bookworm": "postgres.Dockerfile",
    "redis:7-bookworm": "redis.Dockerfile",
    "caddy:2": "caddy.Dockerfile",
}
DEBIAN = "stand-in/debian:bookworm"
NEEDED = ("docker", "docker-compose", "dockerd", "debootstrap")
START_SECONDS = 60


class EngineMissingError(Exception):
    """No engine can be started here; the text is a sentence that says why."""


@dataclass(frozen=True)
class Engine:
    """A running engine; `environment` leads Docker's commands to it and to no other."""

    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DOCKER_HOST": f"unix://{self.folder / 'socket'}",
            "DOCKER_BUILDKIT": "0",  # a client with BuildKit alone cannot do without a plugin
            "COMPOSE_DOCKER_CLI_BUILD": "0",
        }

    def docker(self, *arguments: str) -> str:
        """Run a command of Docker's and return what it says."""
        done = subprocess.run(
            ["docker", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise AssertionError(f"docker {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout.strip()

    def has_image(self, name: str) -> bool:
        """Say whether there is an image of this name."""
        return bool(self.docker("images", "--quiet", name))


@contextlib.contextmanager
def engine_in(folder: Path, log: Path) -> Iterator[Engine]:
    """Run an engine whose everything is below a folder, and end it.

    Raises:
        EngineMissingError: it cannot be installed or started here.
    """
    _require_means()
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        "dockerd",
        f"--data-root={folder / 'data'}",
        f"--exec-root={folder / 'exec'}",
        f"--pidfile={folder / 'pid'}",
        f"--host=unix://{folder / 'socket'}",
        "--bridge=none",
        "--iptables=false",
        "--ip6tables=false",
        "--ip-masq=false",
    ]
    with (
        log.open("wb") as output,
        subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True) as process,
    ):
        engine = Engine(folder, process)
        try:
            _wait_for(engine, log)
            yield engine
        finally:
            _end(engine)


def make_stand_ins(engine: Engine) -> None:
    """Make the base images that are not there yet."""
    if not engine.has_image(DEBIAN):
        tree = engine.folder / "debian"
        shutil.rmtree(tree, ignore_errors=True)
        subprocess.run(
            ["debootstrap", "--variant=minbase", "bookworm", str(tree)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        packed = subprocess.Popen(["tar", "-C", str(tree), "-c", "."], stdout=subprocess.PIPE)
        subprocess.run(
            ["docker", "import", "-", DEBIAN],
            stdin=packed.stdout,
            env=engine.environment,
            stdout=subprocess.DEVNULL,
            check=True,
        )
        assert packed.wait() == 0
        shutil.rmtree(tree)
    for name, file in STAND_INS.items():
        if not engine.has_image(name):
            build = ["build", "--quiet", "--network=host", "--tag", name]
            engine.docker(*build, "--file", str(IMAGES / file), str(IMAGES))


def build_settings(folder: Path) -> dict[str, str]:
    """Return how this machine reaches a package index, for the build alone.

    Its extra certificates, if it has some, are gathered in a file of the folder.
    """
    found = sorted(Path("/usr/local/share/ca-certificates").glob("*.crt"))
    certificates = folder / "certificates.pem"
    certificates.write_text("".join(file.read_text() for file in found))
    index = os.environ.get("PIP_INDEX_URL")
    return {"CERTIFICATES_FILE": str(certificates)} | ({"PIP_INDEX_URL": index} if index else {})


def _require_means() -> None:
    if os.geteuid() != 0:
        raise EngineMissingError("a Docker engine needs root to start")
    subprocess.run([str(Path(__file__).parents[2] / "scripts" / "get_engine.sh")], check=False)
    missing = [name for name in NEEDED if not shutil.which(name)]
    if missing:
        raise EngineMissingError(f"{', '.join(missing)} cannot be found or installed")
    rules = subprocess.run(
        ["iptables", "-S", "FORWARD"], capture_output=True, text=True, check=False
    )
    if "-P FORWARD DROP" in rules.stdout:
        raise EngineMissingError("this machine's firewall lets no container speak to another")


def _wait_for(engine: Engine, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and engine.process.poll() is None:
        answer = subprocess.run(
            ["docker", "info"], env=engine.environment, capture_output=True, check=False
        )
        if answer.returncode == 0:
            return
        time.sleep(0.5)
    said = [
        line for line in log.read_text().splitlines() if "level=error" in line or "fail" in line
    ]
    raise EngineMissingError(f"dockerd does not start: {(said or ['it says nothing'])[-1]}")


def _end(engine: Engine) -> None:
    """Stop the containers, the engine, and what of its mounts is left."""
    if engine.process.poll() is None:
        with contextlib.suppress(AssertionError):
            if running := engine.docker("ps", "--quiet").split():
                engine.docker("kill", *running)
        engine.process.terminate()
        engine.process.wait(60)
    mounts = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    for mount in sorted((m for m in mounts if m.startswith(f"{engine.folder}/")), reverse=True):
        subprocess.run(["umount", mount], check=False)
