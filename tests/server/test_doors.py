"""Doors: each business behind its own name, and none named to strangers."""

from pathlib import Path

from server.doors import write_doors


def test_each_business_is_behind_its_name(tmp_path: Path) -> None:
    write_doors(tmp_path, {"cafe": 8601, "shop": 8602})
    for file in ("local.caddy", "public.caddy"):
        text = (tmp_path / file).read_text()
        assert "handle /cafe/* {\n\t\treverse_proxy report:8601" in text
        assert "handle /shop/* {\n\t\treverse_proxy report:8602" in text
        assert "redir / " not in text  # who names nobody is told of nobody


def test_the_only_business_is_the_first_page(tmp_path: Path) -> None:
    write_doors(tmp_path, {"shop": 8601})
    assert "redir / /shop/" in (tmp_path / "local.caddy").read_text()


def test_the_local_door_speaks_for_nobody_and_the_public_one_says_for_whom(tmp_path: Path) -> None:
    write_doors(tmp_path, {"shop": 8601})
    assert "header_up -X-Forwarded-For" in (tmp_path / "local.caddy").read_text()
    assert "header_up" not in (tmp_path / "public.caddy").read_text()
