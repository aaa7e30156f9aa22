"""Who may import what; what ruff cannot say by folder is said here to the letter."""

import ast
from pathlib import Path

from marketing_warehouse.paths import PROJECT

MAY_IMPORT = {
    "airflow": ("dags/", "server/webserver_config.py"),
    "streamlit": ("streamlit_app/", "bench/report.py"),
    "great_expectations": ("expectations/", "marketing_warehouse/audit.py"),
}
OURS = (
    "marketing_warehouse",
    "dags",
    "reporting",
    "streamlit_app",
    "expectations",
    "examples",
    "scripts",
    "server",
    "bench",
)
OF_THE_PACKAGE_FOR_THE_REPORT = {"read", "config", "errors", "report_settings"}
# The two doors through which the package prints a report: by hand, and after a load.
PRINTERS = ("marketing_warehouse/cli/", "marketing_warehouse/send_report.py")
LONGEST_FILE = 400


def sources() -> dict[str, ast.Module]:
    files = [file for folder in OURS for file in (PROJECT / folder).rglob("*.py")]
    return {str(file.relative_to(PROJECT)): ast.parse(file.read_text()) for file in files}


def imported(module: ast.Module) -> set[str]:
    """Return the full names that a module imports, inside functions too."""
    names = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_each_framework_is_known_in_its_own_folder_only() -> None:
    strays = [
        f"{file} imports {framework}"
        for file, module in sources().items()
        for framework, places in MAY_IMPORT.items()
        if framework in {name.split(".")[0] for name in imported(module)}
        and not file.startswith(places)
    ]
    assert strays == []


def test_the_package_knows_nothing_of_what_stands_on_it() -> None:
    strays = [
        f"{file} imports {name}"
        for file, module in sources().items()
        if file.startswith("marketing_warehouse/")
        for name in imported(module)
        if name.split(".")[0] in {"dags", "streamlit_app", "examples", "scripts", "server", "bench"}
        or (name.split(".")[0] == "reporting" and not file.startswith(PRINTERS))
    ]
    assert strays == []


def test_the_report_reads_through_the_doors_for_readers() -> None:
    strays = [
        f"{file} imports {name}"
        for file, module in sources().items()
        if file.startswith(("streamlit_app/", "reporting/"))
        for name in imported(module)
        if name.startswith("marketing_warehouse.")
        and name.split(".")[1] not in OF_THE_PACKAGE_FOR_THE_REPORT
    ]
    assert strays == []


def test_what_is_shown_does_not_know_where() -> None:
    strays = [
        f"{file} imports {name}"
        for file, module in sources().items()
        if file.startswith("reporting/")
        for name in imported(module)
        if name.split(".")[0] in {"components", "streamlit_app", "dags", "expectations"}
    ]
    assert strays == []


def test_only_paths_reads_the_environment() -> None:
    readers = [
        file
        for file, module in sources().items()
        if file.startswith(
            ("marketing_warehouse/", "expectations/", "reporting/", "streamlit_app/")
        )
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute)
        and node.attr in {"environ", "getenv"}
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    ]
    assert set(readers) == {"marketing_warehouse/paths.py"}


def test_no_file_is_too_long_to_be_read_at_once() -> None:
    lengths = {
        str(file.relative_to(PROJECT)): len(file.read_text().splitlines())
        for folder in OURS
        for file in (PROJECT / folder).rglob("*.py")
    }
    assert {file: lines for file, lines in lengths.items() if lines >= LONGEST_FILE} == {}


def test_the_lock_names_no_address_and_pins_every_package_by_hash() -> None:
    lock = Path(PROJECT / "requirements.lock").read_text()
    assert "http://" not in lock
    assert "https://" not in lock
    packages = [line for line in lock.splitlines() if line and line[0] not in " #"]
    assert len(packages) > 100
    assert all("==" in line and line.endswith("\\") for line in packages)
