"""Members of councils as HTTP clients: `python -m ocop.scoring_clients plan.json answers.json`.

A process of its own, so that the clients do not share the server's interpreter. Each act goes out when it is
due, on one of a bounded number of connections; a lost answer is asked for again with the same key, and every
fiftieth act is sent twice on purpose.
"""

import http.client
import json
import random
import sys
import threading
import time
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

CONNECTIONS = 64
TRIES = 4
DOUBLE_EVERY = 50
CSRF = "A" * 32


class Clients:
    """All acts of a plan, sent by threads that each keep a connection."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.acts = iter(_acts(plan))
        self.lock = threading.Lock()
        self.answers: list[dict[str, Any]] = []
        self.begin = time.monotonic() + 1.0

    def run(self) -> list[dict[str, Any]]:
        threads = [threading.Thread(target=self._work) for _ in range(CONNECTIONS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self.answers

    def _work(self) -> None:
        connection = http.client.HTTPConnection(self.plan["host"], self.plan["port"], timeout=30)
        while True:
            with self.lock:
                act = next(self.acts, None)
            if act is None:
                return connection.close()
            time.sleep(max(0.0, self.begin + act["due"] - time.monotonic()))
            late = time.monotonic() - self.begin - act["due"]
            answer = self._send(connection, act)
            with self.lock:
                self.answers.append({**act, **answer, "late": late})

    def _send(self, connection: http.client.HTTPConnection, act: dict[str, Any]) -> dict[str, Any]:
        """The status of the last answer, the seconds until the first good one, and how often it was sent."""
        begin, status, sent = time.perf_counter(), 0, 0
        while sent < TRIES and status != 200:
            status, sent = self._post(connection, act), sent + 1
        seconds = time.perf_counter() - begin
        if act["number"] % DOUBLE_EVERY == 0:
            status, sent = self._post(connection, act), sent + 1
        return {"status": status, "seconds": seconds, "sent": sent}

    def _post(self, connection: http.client.HTTPConnection, act: dict[str, Any]) -> int:
        body = urlencode({name: act[name] for name in ("criterion", "option", "base", "key", "user")})
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"sessionid={act['cookie']}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
        }
        try:
            connection.request("POST", act["path"], body, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            connection.close()  # opened again by the next request
            return 0


def _acts(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """One choice of each member every `every` seconds, spread evenly; in the order they are due."""
    chance = random.Random(26)  # noqa: S311  the same plan each time
    members, every = plan["members"], plan["every"]
    acts = []
    for place, member in enumerate(members):
        for turn in range(int(plan["seconds"] // every)):
            criterion, options = member["leaves"][turn % len(member["leaves"])]
            acts.append(
                {
                    "due": every * (turn + place / len(members)),
                    "sheet": member["sheet"],
                    "path": plan["path"].format(sheet=member["sheet"]),
                    "cookie": member["cookie"],
                    "user": member["user"],
                    "criterion": criterion,
                    "option": chance.choice(options),
                    "base": 0,
                    "key": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
                }
            )
    acts.sort(key=lambda act: act["due"])
    return [{**act, "number": number} for number, act in enumerate(acts)]


if __name__ == "__main__":
    found = Clients(json.loads(Path(sys.argv[1]).read_text())).run()
    Path(sys.argv[2]).write_text(json.dumps(found))
