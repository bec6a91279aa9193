"""Asks the web server of this container whether it answers: python -m scripts.healthcheck"""

import os
import sys
import urllib.request


def main() -> int:
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    # The scheme that a proxy would report; without it the answer is a redirect to HTTPS, which nobody serves here.
    question = urllib.request.Request(
        "http://127.0.0.1:8000/health/", headers={"Host": host, "X-Forwarded-Proto": "https"}
    )
    try:
        with urllib.request.urlopen(question, timeout=4) as answer:
            return 0 if answer.read() == b"ok" else 1
    except OSError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
