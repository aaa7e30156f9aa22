"""What every test may ask for: an empty home of its own, and the folder with the real input."""

import os
from pathlib import Path

import pytest

from marketing_warehouse.paths import (
    HASH_KEY_VARIABLE,
    HOME_VARIABLE,
    LOCAL_REPORT_VARIABLE,
    Home,
)

TEST_DATA_VARIABLE = "WAREHOUSE_TEST_DATA"
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of whoever runs the tests out of them."""
    for name in (HOME_VARIABLE, HASH_KEY_VARIABLE, LOCAL_REPORT_VARIABLE):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home with a hash key and an inbox, for this test alone."""
    own = Home(tmp_path / "home")
    own.create_hash_key()
    own.inbox.mkdir()
    return own


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder with the real input, read where it lies."""
    folder = Path(os.environ.get(TEST_DATA_VARIABLE) or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no real input at {folder}: name its folder in {TEST_DATA_VARIABLE}")
    return folder
