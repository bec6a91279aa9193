"""python -m scripts.embedded start|stop|status|env|remove [demo|test]"""

import argparse
import sys

from scripts import embedded
from scripts.embedded.place import INSTANCES, say


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.embedded", description=embedded.__doc__)
    parser.add_argument("action", choices=["start", "stop", "status", "env", "remove"])
    parser.add_argument("instance", nargs="?", choices=INSTANCES, default="demo")
    chosen = parser.parse_args()
    try:
        return _do(chosen.action, chosen.instance)
    except embedded.EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1


def _do(action: str, instance: str) -> int:
    if action == "start":
        embedded.start(instance)
    elif action == "stop":
        embedded.stop(instance)
        if embedded.is_served(instance):
            say("Waymark itself is still running: end it with Ctrl-C in its own window.")
    elif action == "remove":
        embedded.remove(instance)
    elif action == "env":
        print("\n".join(f"{name}={url}" for name, url in embedded.urls(instance).items()))
    else:
        found = embedded.status(instance)
        print("\n".join(f"{server}: {'running' if runs else 'stopped'}" for server, runs in found.items()))
        return 0 if all(found.values()) else 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
