"""Down and up, a new version and back to the old one, a backup and the way back from it."""

import shutil
import subprocess

from tests.stack.conftest import owned_by_containers
from tests.stack.stack import ADMIN, Stack
from tests.stack.test_a_server import BUSINESS, FACTS


def revision(stack: Stack) -> str:
    """Return the revision that the running report says it was made of."""
    return str(stack.container("report")["Config"]["Labels"]["org.opencontainers.image.revision"])


def runs(stack: Stack) -> list[tuple[str, str]]:
    return [(run["dag_run_id"], run["state"]) for run in stack.runs(BUSINESS)]


def test_down_and_up_again_loses_nothing(stack: Stack) -> None:
    stack.put(COMPOSE_PROFILES="", AIRFLOW_EXECUTOR="LocalExecutor")
    facts, known = stack.marts(BUSINESS, FACTS), runs(stack)
    stack.made("down")
    assert stack.engine.docker("ps", "--all", "--quiet") == ""
    stack.made("up")
    stack.token = stack.sign_in(ADMIN, stack.password)
    assert stack.marts(BUSINESS, FACTS) == facts
    assert runs(stack) == known


def test_an_upgrade_backs_up_and_runs_the_new_version_and_a_roll_back_the_old_one(
    stack: Stack,
) -> None:
    old, facts, known = revision(stack), stack.marts(BUSINESS, FACTS), runs(stack)
    stack.made("upgrade", REVISION="the-next-one")
    assert revision(stack) == "the-next-one"
    assert (stack.marts(BUSINESS, FACTS), runs(stack)) == (facts, known)
    (backup,) = stack.backups.iterdir()
    assert {file.name for file in backup.iterdir()} >= {"airflow.dump", f"{BUSINESS}.tar.gz"}
    stack.made("rollback-stack")
    assert revision(stack) == old
    assert (stack.marts(BUSINESS, FACTS), runs(stack)) == (facts, known)


def test_a_backup_brings_back_a_home_and_airflow_s_memory(stack: Stack) -> None:
    facts, known = stack.marts(BUSINESS, FACTS), runs(stack)
    (backup,) = stack.backups.iterdir()
    restore = ("run", "--rm", "--no-deps", "warehouse", "python", "-m", "server.backup")
    in_the_way = subprocess.run(
        ["docker-compose", "--env-file", stack.env_file, *restore, backup.name, "--restore"],
        env=stack.engine.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert in_the_way.returncode == 1
    assert "These homes are there already" in in_the_way.stdout
    for home in stack.homes.iterdir():
        shutil.move(home, stack.folder / f"lost-{home.name}")
    owned_by_containers(stack.homes)
    stack.compose(*restore, backup.name, "--restore")
    assert stack.marts(BUSINESS, FACTS) == facts
    database = ("exec", "-T", "postgres")
    stack.compose(*database, "createdb", "-h", "/run/postgresql", "-U", "airflow", "brought_back")
    stack.compose(
        *database,
        *("pg_restore", "-h", "/run/postgresql", "-U", "airflow", "-d", "brought_back"),
        fed=(backup / "airflow.dump").read_bytes(),
    )
    counted = stack.compose(
        *database,
        *("psql", "-h", "/run/postgresql", "-U", "airflow", "-d", "brought_back", "-At", "-c"),
        f"select count(*) from dag_run where dag_id = 'daily_load__{BUSINESS}'",
    )
    assert int(counted) == len(known)
