"""The section `report` of business.yml: who has which role, and what is made by itself."""

from pathlib import Path

import pytest

from marketing_warehouse.config import read_config
from marketing_warehouse.errors import ConfigError
from marketing_warehouse.report_settings import Role, Roles, read_report_settings

BUSINESS = """\
business: {name: Shop, currency: EUR, timezone: Europe/Bucharest}
sources: [{name: shop, feed: orders, connector: csv, path: inbox/orders.csv}]
"""


def written(folder: Path, report: str) -> Path:
    file = folder / "business.yml"
    file.write_text(BUSINESS + report)
    return file


def refusal(folder: Path, report: str) -> str:
    with pytest.raises(ConfigError) as raised:
        read_config(written(folder, report))
    return str(raised.value)


@pytest.mark.parametrize(
    ("address", "role"),
    [
        ("ana@example.com", Role.OWNER),
        (" ANA@Example.com", Role.OWNER),
        ("dan@example.com", Role.VIEWER),  # whose domain are the owners'
        ("ioana@example.com", Role.OWNER),
        ("eve@partner.example.org", Role.ANALYST),
        ("eve@example.org", None),
        ("ana@example.com.evil.org", None),
        ("*@example.com", Role.OWNER),  # no mailbox is called so; it is within the domain
        ("", None),
    ],
)
def test_a_persons_own_address_goes_before_their_domain(address: str, role: Role | None) -> None:
    roles = Roles(
        owner=("Ana@example.com", "*@example.com"),
        analyst=("*@partner.example.org",),
        viewer=("dan@example.com",),
    )
    assert roles.of(address) is role


def test_without_roles_nobody_has_one(tmp_path: Path) -> None:
    assert read_config(written(tmp_path, "")).report.roles.of("ana@example.com") is None


def test_one_person_may_be_written_without_a_list(tmp_path: Path) -> None:
    report = read_config(written(tmp_path, "report: {roles: {owner: ana@example.com}}\n")).report
    assert report.roles.owner == ("ana@example.com",)


@pytest.mark.parametrize("person", ["*", "ana", "a*@example.com", "*@com", "a@b@example.com"])
def test_a_role_for_everybody_or_nobody_is_refused(tmp_path: Path, person: str) -> None:
    said = refusal(tmp_path, f"report:\n  roles:\n    viewer: ['{person}']\n")
    assert said.startswith(f"business.yml, line 5: report.roles.viewer[1] is {person!r}; allowed:")


def test_a_person_with_two_roles_is_refused_at_the_second(tmp_path: Path) -> None:
    said = refusal(
        tmp_path, "report:\n  roles:\n    owner: [a@example.com]\n    viewer: [A@example.com]\n"
    )
    assert "line 6: report.roles.viewer[1] is 'a@example.com'; allowed: each address" in said


def test_mail_without_a_period_is_refused(tmp_path: Path) -> None:
    said = refusal(tmp_path, "report: {mail_to: [a@example.com]}\n")
    assert "line 3: report.mail_to is a list; allowed: recipients only beside a `period`" in said


def test_the_report_reads_its_section_even_if_another_one_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "business.yml"
    file.write_text("sources: nonsense\nreport: {period: month, mail_to: Ana@example.com}\n")
    report = read_report_settings(file)
    assert (report.period, report.mail_to) == ("month", ("ana@example.com",))


def test_a_wrong_section_is_one_sentence_for_the_report(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="`warehouse validate` says why"):
        read_report_settings(written(tmp_path, "report: {period: fortnight}\n"))
