"""The door for others: TLS, and no number for whom nobody vouches."""

import http.client
import socket
import ssl

from tests.stack.stack import Stack, free_ports
from tests.stack.test_a_server import BUSINESS

REPORTS = "reports.localhost"
AIRFLOW = "airflow.localhost"


def answer_of(port: int, site: str, path: str) -> tuple[int, str]:
    """Ask a site by its name, on this machine's address, over TLS."""
    unsigned = ssl.create_default_context()
    unsigned.check_hostname = False
    unsigned.verify_mode = ssl.CERT_NONE  # the certificate is Caddy's own
    with socket.create_connection(("127.0.0.1", port), timeout=30) as plain:
        connection = http.client.HTTPSConnection(site, port)
        connection.sock = unsigned.wrap_socket(plain, server_hostname=site)
        connection.request("GET", path, headers={"Host": site})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def test_others_reach_the_report_and_airflow_over_tls_alone(stack: Stack) -> None:
    (port,) = free_ports(1)
    stack.put(
        COMPOSE_PROFILES="tls",
        AIRFLOW_EXECUTOR="LocalExecutor",
        PUBLIC_PORT=port,
        REPORT_URL=f"https://{REPORTS}",
        AIRFLOW_URL=f"https://{AIRFLOW}",
        TLS="tls internal",
    )
    stack.made("up")
    assert answer_of(int(port), REPORTS, f"/{BUSINESS}/_stcore/health") == (200, "ok")
    assert answer_of(int(port), REPORTS, "/")[0] == 404  # several businesses, and none is named
    assert answer_of(int(port), AIRFLOW, "/api/v2/version")[0] == 200
    with socket.create_connection(("127.0.0.1", int(port)), timeout=30) as plain:
        plain.sendall(f"GET / HTTP/1.1\r\nHost: {REPORTS}\r\n\r\n".encode())
        assert b"400" in plain.recv(1000).splitlines()[0]
