"""`python -m ocop.scoring_load.members PLAN`: the members, each choosing a level every few seconds.

Works without Django, so that what is measured is the server. PLAN is a JSON file: port, seconds, every, path
(with {sheet}), places (cookie, sheet) and leaves (criterion, options). Writes to standard output, as JSON,
what each member had answered as saved, the times of all answers, and everything that went wrong.
"""

import asyncio
import json
import random
import sys
import time
import uuid
from pathlib import Path
from urllib.parse import urlencode

PATIENCE = 30.0  # seconds for one answer
TRIES = 5


class Member:
    """One tablet with its own connection, kept open between choices."""

    def __init__(self, plan: dict, place: dict, number: int) -> None:
        self.plan, self.place = plan, place
        self.chance = random.Random(number)  # noqa: S311  which level is chosen, nothing secret
        self.saved: dict[str, str] = {}
        self.seconds: list[float] = []
        self.troubles: list[str] = []
        self.connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def score(self, begin: float) -> None:
        """Choose level after level in the rhythm of the plan; the first ones spread over it."""
        every, until = self.plan["every"], begin + self.plan["seconds"]
        due = begin + self.chance.random() * every
        leaves = self.plan["leaves"][:]
        self.chance.shuffle(leaves)
        for leaf in leaves:
            if due >= until:
                break
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            await self.choose(str(leaf["criterion"]), str(self.chance.choice(leaf["options"])))
            due += every
        if self.connection:
            self.connection[1].close()

    async def choose(self, criterion: str, option: str) -> None:
        """Send one choice until it is answered, the same act again after a lost connection."""
        form = {"criterion": criterion, "option": option, "base": "0", "key": str(uuid.uuid4())}
        begin = time.monotonic()
        for _ in range(TRIES):
            try:
                status = await asyncio.wait_for(self.post(urlencode(form).encode()), PATIENCE)
            except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError) as error:
                self.troubles.append(type(error).__name__)
                self.connection = None
                continue
            if status == 200:
                self.saved[criterion] = option
                self.seconds.append(time.monotonic() - begin)
            else:
                self.troubles.append(str(status))
            return
        self.troubles.append("given up")

    async def post(self, body: bytes) -> int:
        """The status of the answer; the answer itself is read to its end."""
        if self.connection is None:
            self.connection = await asyncio.open_connection("127.0.0.1", self.plan["port"])
        reader, writer = self.connection
        if reader.at_eof():  # closed by the server meanwhile, as a browser finds it too
            self.connection = None
            return await self.post(body)
        token = self.place["cookie"].rpartition("=")[2]
        head = (
            f"POST {self.plan['path'].format(sheet=self.place['sheet'])} HTTP/1.1\r\n"
            f"Host: 127.0.0.1:{self.plan['port']}\r\nCookie: {self.place['cookie']}\r\n"
            f"X-CSRFToken: {token}\r\n"
            "Accept: application/json\r\nX-Requested-With: fetch\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        await writer.drain()
        answer = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        headers = dict(line.lower().split(": ", 1) for line in answer.split("\r\n")[1:] if ": " in line)
        await reader.readexactly(int(headers["content-length"]))
        if headers.get("connection") == "close":
            writer.close()
            self.connection = None
        return int(answer.split(" ", 2)[1])


async def play(plan: dict) -> dict:
    """All members at once; what they had answered, and how."""
    members = [Member(plan, place, number) for number, place in enumerate(plan["places"])]
    begin = time.monotonic()
    await asyncio.gather(*(member.score(begin) for member in members))
    return {
        "elapsed": time.monotonic() - begin,
        "saved": {member.place["sheet"]: member.saved for member in members},
        "seconds": [value for member in members for value in member.seconds],
        "troubles": [word for member in members for word in member.troubles],
    }


if __name__ == "__main__":
    json.dump(asyncio.run(play(json.loads(Path(sys.argv[1]).read_text()))), sys.stdout)
