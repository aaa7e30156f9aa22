"""Doors: Caddy's settings for the reports that are served now."""

import os
from collections.abc import Mapping
from pathlib import Path

LOCAL = """
# For this machine alone. The report refuses whoever a proxy speaks for without a sign-in;
# this door speaks for nobody but the machine it is on, so it adds no word of its own.
{{
	admin off
}}
http://:8501 {{
{reports}
}}
"""
PUBLIC = """# For everyone who signs in.
{{
	admin off
	auto_https disable_redirects
	https_port 8443
}}
{{$REPORT_SITE}} {{
	{{$TLS}}
	header Strict-Transport-Security "max-age=31536000"
{reports}
}}
{{$AIRFLOW_SITE}} {{
	{{$TLS}}
	header Strict-Transport-Security "max-age=31536000"
	reverse_proxy api-server:8080
}}
"""
SILENT = """{
			header_up -X-Forwarded-For
			header_up -X-Forwarded-Host
			header_up -X-Forwarded-Proto
		}"""


def write_doors(folder: Path, ports: Mapping[str, int]) -> None:
    """Write what both doors lead to; they see the change by themselves.

    Args:
        folder: shared with the doors.
        ports: the port of each business's report, by the business's name.
    """
    _write(folder / "local.caddy", LOCAL.format(reports=_routes(ports, SILENT)))
    _write(folder / "public.caddy", PUBLIC.format(reports=_routes(ports, "")))


def _routes(ports: Mapping[str, int], proxy_options: str) -> str:
    lines = ["\thandle /healthy {", '\t\trespond "healthy"', "\t}"]
    for name, port in ports.items():
        lines += [
            f"\tredir /{name} /{name}/",
            f"\thandle /{name}/* {{",
            f"\t\treverse_proxy report:{port} {proxy_options}".rstrip(),
            "\t}",
        ]
    # Who stands at the door without a name is not told who else comes here.
    (only,) = ports if len(ports) == 1 else ("",)
    without_name = (
        f"redir / /{only}/"
        if only
        else 'respond "Each business has an address of its own here: /its-name/" 404'
    )
    return "\n".join([*lines, "\thandle {", f"\t\t{without_name}", "\t}"])


def _write(file: Path, text: str) -> None:
    unfinished = file.with_name(f".{file.name}.unfinished")
    unfinished.write_text(text)
    os.replace(unfinished, file)
