"""Every command and link of the README works."""

import re
import shlex
import subprocess
import sys

import pytest

from marketing_warehouse.paths import PROJECT, environment_for_child

README = (PROJECT / "README.md").read_text()
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
COMMANDS = [line.split("#")[0].strip() for block in BLOCKS for line in block.splitlines()]
TARGETS = [command.split()[1] for command in COMMANDS if command.startswith("make ")]
OURS = [command for command in COMMANDS if command.startswith("warehouse ")]


def test_the_readme_shows_the_two_commands_first() -> None:
    assert TARGETS == ["run", "test"]


@pytest.mark.parametrize("target", sorted({*TARGETS, *re.findall(r"`make (\w+)", README)}))
def test_every_make_target_of_the_readme_exists(target: str) -> None:
    # `make run` itself needs minutes and ports; here make only says what it would do.
    done = subprocess.run(
        ["make", "--dry-run", target], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", OURS)
def test_every_command_of_the_readme_is_understood(command: str) -> None:
    """The options as written, and `--help` instead of doing it; the tests of the CLI do it."""
    arguments = shlex.split(command)[1:]
    done = subprocess.run(
        [sys.executable, "-m", "marketing_warehouse", *arguments, "--help"],
        env=environment_for_child({}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    options = {argument for argument in arguments if argument.startswith("--")}
    assert options <= set(re.findall(r"--[a-z]+", done.stdout))


def test_every_command_line_command_is_in_the_readme() -> None:
    commands = {command.split()[1] for command in OURS}
    assert commands == {
        *("init", "validate", "check-source", "load", "status", "sql", "report", "rollback")
    }


def test_every_file_that_the_readme_names_is_there() -> None:
    named = re.findall(r"\]\((?!http)([^)]+)\)", README)
    named += re.findall(
        r"`((?:marketing_warehouse|dbt_project|reporting|streamlit_app|expectations)/[^`]*)`",
        README,
    )
    assert len(named) > 10
    assert [path for path in named if not (PROJECT / path).exists()] == []


def test_the_exit_codes_are_those_of_the_help() -> None:
    from marketing_warehouse.cli.main import HELP

    in_readme = re.findall(r"^\| (\d+) \|", README, re.MULTILINE)
    in_help = re.findall(r"^  (\d+)  ", HELP, re.MULTILINE)
    assert in_readme == in_help
