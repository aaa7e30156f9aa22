"""Backup: everything that cannot be made again, and no home overwritten on the way back."""

from pathlib import Path

import pytest

from marketing_warehouse.errors import WarehouseError
from marketing_warehouse.paths import Home
from server.backup import back_up, restore


def test_a_home_comes_back_as_it_was(home: Home, tmp_path: Path) -> None:
    home.business_yml.write_text("business: {}\n")
    (home.inbox / "orders.csv").write_text("id\n1\n")
    home.work.write_text("made anew by the next load")
    back_up(home, tmp_path / "saved" / "shop.tar.gz")
    assert (tmp_path / "saved" / "shop.tar.gz").stat().st_mode & 0o077 == 0
    (tmp_path / "homes").mkdir()
    restore(tmp_path / "saved", tmp_path / "homes")
    back = Home(tmp_path / "homes" / "shop")
    assert back.hash_key() == home.hash_key()
    assert (back.inbox / "orders.csv").read_text() == "id\n1\n"
    assert not back.work.exists()


def test_a_home_that_is_there_is_not_overwritten(home: Home, tmp_path: Path) -> None:
    back_up(home, tmp_path / "saved" / "home.tar.gz")
    with pytest.raises(WarehouseError, match="are there already: home"):
        restore(tmp_path / "saved", tmp_path)


def test_a_backup_that_does_not_exist_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="There is no backup of a business"):
        restore(tmp_path / "nowhere", tmp_path)
