"""One engine and one stack for all tests of the stack, which tell its life in order."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from examples.nordic_espresso import generate
from examples.nordic_espresso.company import Plan
from marketing_warehouse.paths import PROJECT, Home
from tests.stack.engine import Engine, EngineMissingError, build_settings, engine_in, make_stand_ins
from tests.stack.stack import PORTS, Stack, free_ports

KEPT_IMAGES_VARIABLE = "STACK_ENGINE_FOLDER"  # names a folder that keeps images for the next time
CONTAINERS_USER = 10001
IMAGE = "marketing-warehouse"
COMPANY = Plan(datetime.now(UTC).date() - timedelta(days=1), days=120, customers=60, seed=1)


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """An engine with the base images, or a sentence why there is none."""
    kept = os.environ.get(KEPT_IMAGES_VARIABLE)
    folder = Path(kept or tempfile.mkdtemp(prefix="stack-engine-"))
    log = Path(tempfile.mkstemp(prefix="dockerd-", suffix=".log")[1])
    try:
        with engine_in(folder, log) as running:
            make_stand_ins(running)
            yield running
    except EngineMissingError as reason:
        pytest.skip(f"The stack was not brought up: {reason}.")
    finally:
        log.unlink()
        if not kept:
            shutil.rmtree(folder)


@pytest.fixture(scope="session")
def stack(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A server with one business on it, settings as `.env.example` has them, nothing started."""
    folder = tmp_path_factory.mktemp("server")
    ours = Stack(engine, folder, build_settings(folder))
    shutil.copy(PROJECT / ".env.example", ours.env_file)
    ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
    ours.put(
        HOMES=str(ours.homes),
        BACKUPS=str(ours.backups),
        BUILD_NETWORK="host",
        AIRFLOW_LOST_TASK_SECONDS="30",
        AIRFLOW_RETRY_SECONDS="5",
        AIRFLOW_STUCK_TASK_SECONDS="60",
        **ports,
    )
    # Who else is on this machine must be able to walk to what the containers' user may see.
    for parent in (folder, *folder.parents):
        if parent.stat().st_uid == os.geteuid() and parent != parent.parent:
            parent.chmod(parent.stat().st_mode | 0o011)
    make_company(ours, "espresso")
    forget_the_last_time(engine)
    yield ours
    forget_the_last_time(engine)


def forget_the_last_time(engine: Engine) -> None:
    """Leave nothing on the engine but images that a build may take for its own cache."""
    if containers := engine.docker("ps", "--all", "--quiet").split():
        engine.docker("rm", "--force", "--volumes", *containers)
    if volumes := engine.docker("volume", "ls", "--quiet").split():
        engine.docker("volume", "rm", *volumes)
    engine.docker("network", "prune", "--force")
    for tag in ("current", "previous"):
        if engine.has_image(f"{IMAGE}:{tag}"):
            engine.docker("tag", f"{IMAGE}:{tag}", f"{IMAGE}:cache")
            engine.docker("rmi", f"{IMAGE}:{tag}")


def make_company(stack: Stack, name: str) -> Home:
    """Make a small company of the demo's kind as a business of the stack."""
    home = Home(stack.homes / name)
    generate(COMPANY, home.path)
    home.create_hash_key()
    owned_by_containers(home.path)
    return home


def owned_by_containers(folder: Path) -> None:
    """Give a folder to the containers' user."""
    subprocess.run(["chown", "-R", f"{CONTAINERS_USER}:{CONTAINERS_USER}", folder], check=True)
