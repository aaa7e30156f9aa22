"""The life of a server, in order: refused, up, loaded, read, broken in many ways, never wrong."""

import json
import shutil
import subprocess
import urllib.error
import urllib.request

import pyarrow.parquet as pq
import pytest

from tests.stack.conftest import owned_by_containers
from tests.stack.stack import Stack, wait_until

sync_api = pytest.importorskip("playwright.sync_api")

CHROMIUM = shutil.which("chromium")
PATIENCE = 120_000  # milliseconds
BUSINESS = "espresso"
LANDING = {"plan", "land", "conclude"}
WRITING = {"load", "build", "audit", "publish"}
SERVICES = {
    "airflow-init",
    "api-server",
    "dag-processor",
    "door",
    "metrics",
    "postgres",
    "report",
    "scheduler",
    "steward",
    "triggerer",
}
# One line of every fact of the marts, to be compared before and after.
FACTS = """
    select
        (select count(*) from core.orders),
        (select sum(net_revenue) from core.orders),
        (select count(*) from core.leads),
        (select sum(spend) from core.ad_spend),
        (select count(*) from kpi.scorecard),
        (select sum(cast(value as decimal(38, 6))) from kpi.scorecard)
"""


def test_nothing_starts_while_a_secret_is_missing(stack: Stack) -> None:
    refused = stack.make("up")
    assert refused.returncode != 0
    assert "set POSTGRES_PASSWORD in .env, see .env.example" in refused.stderr
    assert stack.engine.docker("ps", "--all", "--quiet") == ""


def test_secrets_are_made_once_and_kept(stack: Stack) -> None:
    stack.made("secrets")
    made = stack.env_file.read_text()
    assert all(
        stack.setting(name)
        for name in ("POSTGRES_PASSWORD", "REDIS_PASSWORD", "AIRFLOW_JWT_SECRET")
    )
    assert stack.env_file.stat().st_mode & 0o077 == 0
    stack.made("secrets")
    assert stack.env_file.read_text() == made


def test_the_stack_builds_from_its_dockerfile_and_comes_up_healthy(stack: Stack) -> None:
    assert "All is healthy." in stack.made("up")
    services = stack.compose("ps", "--services").split()
    assert set(services) >= SERVICES
    for service in SERVICES - {"airflow-init"}:
        assert stack.container(service)["State"]["Health"]["Status"] == "healthy", service


def test_nothing_listens_but_what_is_said_and_only_on_this_machine(stack: Stack) -> None:
    listening = {
        (binding["HostIp"], binding["HostPort"])
        for service in SERVICES - {"airflow-init"}
        for bindings in stack.container(service)["NetworkSettings"]["Ports"].values()
        for binding in bindings or []
    }
    ours = {stack.setting(port) for port in ("REPORT_PORT", "AIRFLOW_PORT", "METRICS_PORT")}
    assert listening == {("127.0.0.1", port) for port in ours}
    # The engine's own doors, as the kernel sees them.
    ss = subprocess.run(["ss", "-Hltnp"], capture_output=True, text=True, check=True).stdout
    proxies = {line.split()[3] for line in ss.splitlines() if "docker-proxy" in line}
    assert {address for address in proxies if address.split(":")[-1] in ours} == {
        f"127.0.0.1:{port}" for port in ours
    }


def test_nobody_is_root_and_nothing_can_change_its_own_program(stack: Stack) -> None:
    for service in SERVICES - {"airflow-init"}:
        host = stack.container(service)["HostConfig"]
        assert host["ReadonlyRootfs"], service
        assert host["CapDrop"] == ["ALL"], service
        assert host["SecurityOpt"] == ["no-new-privileges:true"], service
        assert host["Memory"] > 0, service
        assert host["PidsLimit"] > 0, service
        assert host["LogConfig"]["Config"] == {"max-size": "10m", "max-file": "3"}, service
        if service != "postgres":
            assert stack.compose("exec", "-T", service, "id", "-u") == "10001", service
    with pytest.raises(AssertionError, match="Read-only file system"):
        stack.compose("exec", "-T", "scheduler", "touch", "/opt/warehouse/dags/mine.py")


def test_there_is_no_account_to_begin_with(stack: Stack) -> None:
    for name in ("admin", "airflow"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            stack.sign_in(name, name)
        assert refused.value.code == 401
    with pytest.raises(urllib.error.HTTPError) as refused:
        stack.request("GET", "/api/v2/dags", token="")
    assert refused.value.code == 401
    stack.sign_up()


def test_the_schedule_loads_the_business_by_itself(stack: Stack) -> None:
    wait_until(lambda: bool(stack.runs(BUSINESS)), "the schedule has begun a load", 120)
    (run,) = stack.runs(BUSINESS)
    assert run["run_type"] == "scheduled"
    assert stack.outcome(BUSINESS, run["dag_run_id"]) == "success"
    sold = "select count(distinct order_id) from core.orders where _source = 'till'"
    assert stack.marts(BUSINESS, sold) == [(receipts_of_the_till(stack),)]


def receipts_of_the_till(stack: Stack) -> int:
    """Count the receipts in the files themselves."""
    receipts: set[str] = set()
    for file in (stack.homes / BUSINESS / "inbox" / "till").glob("receipts_*.parquet"):
        receipts |= set(pq.read_table(file, columns=["receipt"])["receipt"].to_pylist())
    assert receipts
    return len(receipts)


def test_a_load_by_hand_publishes_the_same_numbers_again(stack: Stack) -> None:
    before = stack.marts(BUSINESS, FACTS)
    published = (stack.homes / BUSINESS / "published" / "marts.duckdb").readlink()
    assert stack.outcome(BUSINESS, stack.trigger(BUSINESS)) == "success"
    assert (stack.homes / BUSINESS / "published" / "marts.duckdb").readlink() != published
    assert stack.marts(BUSINESS, FACTS) == before


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
def test_the_report_shows_the_business_in_a_browser(stack: Stack) -> None:
    (as_of,) = stack.marts(BUSINESS, "select as_of from ops.settings")[0]
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(stack.url("REPORT_PORT"))  # with one business, its report is the first page
        page.get_by_text(f"Data as of {as_of.day} {as_of:%b %Y}").first.wait_for(timeout=PATIENCE)
        assert page.url.startswith(f"{stack.url('REPORT_PORT')}/{BUSINESS}/")
        assert page.locator("[data-testid=stException]").count() == 0
        browser.close()


def test_prometheus_reads_how_the_business_stands(stack: Stack) -> None:
    with urllib.request.urlopen(f"{stack.url('METRICS_PORT')}/metrics", timeout=30) as answer:
        lines = answer.read().decode().splitlines()
    assert f'warehouse_up{{business="{BUSINESS}"}} 1' in lines
    assert f'warehouse_load_outcome{{business="{BUSINESS}",outcome="published"}} 1' in lines
    assert f'warehouse_audit_passed{{business="{BUSINESS}"}} 1' in lines
    steps = [line for line in lines if line.startswith("warehouse_step_seconds")]
    assert all(any(f'step="{step}"' in line for line in steps) for step in LANDING | WRITING)


def test_every_line_of_the_scheduler_s_log_is_json(stack: Stack) -> None:
    lines = stack.engine.docker("logs", stack.compose("ps", "-q", "scheduler")).splitlines()
    assert lines
    assert all("event" in json.loads(line) for line in lines)


def test_a_second_business_with_a_broken_business_yml_breaks_itself_alone(stack: Stack) -> None:
    broken = stack.homes / "cafe"
    broken.mkdir()
    (broken / "business.yml").write_text("business: {name: Café, currency: EUR, cuntry: FR}\n")
    owned_by_containers(broken)
    dag = "/api/v2/dags/daily_load__cafe"
    wait_until(lambda: bool(stack.runs("cafe")), "the new business has a DAG with a load", 300)
    assert [tag["name"] for tag in stack.request("GET", dag)["tags"]] == ["business.yml is broken"]
    said = stack.request("GET", f"{dag}/details")["doc_md"]
    assert "the key business.cuntry is not known" in said
    assert stack.outcome("cafe", stack.runs("cafe")[0]["dag_run_id"]) == "failed"
    assert stack.request("GET", "/api/v2/importErrors")["import_errors"] == []
    assert stack.request("GET", "/api/v2/dags/daily_load__espresso")["tags"] == []


def test_a_person_of_one_business_sees_and_starts_no_other(stack: Stack) -> None:
    wait_until(
        lambda: "business_cafe" in json.dumps(stack.request("GET", "/auth/fab/v1/roles?limit=100")),
        "the steward has made the roles",
        300,
    )
    stack.made("airflow-user", NAME="claire", ROLE="business_cafe", PASSWORD=stack.password)
    claire = stack.sign_in("claire", stack.password)
    seen = stack.request("GET", "/api/v2/dags", token=claire)["dags"]
    assert [dag["dag_id"] for dag in seen] == ["daily_load__cafe"]
    path = f"/api/v2/dags/daily_load__{BUSINESS}/dagRuns"
    with pytest.raises(urllib.error.HTTPError) as refused:
        stack.request("POST", path, {"logical_date": None}, token=claire)
    assert refused.value.code == 403
