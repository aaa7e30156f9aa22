"""Health: say by the exit code whether a part of Airflow works, by what the API server sees of it.

`airflow jobs check` asks the same, but takes seconds of a processor each time.
"""

import json
import os
import socket
import sys
import urllib.request
from urllib.parse import urlsplit

API = "AIRFLOW__CORE__EXECUTION_API_SERVER_URL"
SECONDS = 8


def main(part: str) -> int:
    """Return 0 if the part is healthy, 1 with a sentence otherwise."""
    api = urlsplit(os.environ[API])
    # The API server asks itself, and is healthy without a scheduler.
    host = "127.0.0.1" if part == "metadatabase" else api.hostname
    url = f"http://{host}:{api.port}/api/v2/monitor/health"
    try:
        with urllib.request.urlopen(url, timeout=SECONDS) as answer:
            seen = json.load(answer).get(part) or {}
    except (OSError, ValueError) as error:
        return _say(f"{url} does not answer: {error}")
    if seen.get("status") != "healthy":
        return _say(f"{part} on {socket.gethostname()} is {seen.get('status')}: {seen}")
    return 0


def _say(text: str) -> int:
    print(text)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
