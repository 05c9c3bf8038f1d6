"""The generator of `intake-mail`, a process of its own: a mail provider with a full mailbox."""

import asyncio
import json
import sys

from polyphony.app.bench.read import mails
from polyphony.simulator.ends.email import MailEnd

ADDRESS, WORD = "desk@bench.example", "bench"


async def _serve(count: int, seed: int) -> None:
    made = list(mails(seed, count, "plain"))
    async with MailEnd({ADDRESS: WORD}) as end:
        print(json.dumps({"imap_port": end.imap_port, "smtp_port": end.smtp_port}), flush=True)  # noqa: T201 - the parent reads it
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, sys.stdin.readline)
        for mail in made:
            end.deliver(ADDRESS, mail)
        await loop.run_in_executor(None, sys.stdin.readline)


def main() -> None:
    """Make the mails, print the ports, deliver at the first line of standard input, end at EOF."""
    asyncio.run(_serve(int(sys.argv[1]), int(sys.argv[2])))


if __name__ == "__main__":
    main()
