"""In a process of its own: an IMAP server with the empty mailboxes m00, m01, … that answers are read from.

python -m benchmarks.throughput.imap_server [COUNT]
"""

import signal
import sys

PASSWORD = "secret"


def names(count: int) -> tuple[str, ...]:
    """What the mailboxes are called."""
    return tuple(f"m{number:02}" for number in range(count))


def main() -> None:
    """Serve, say the port, work until killed."""
    from sequencer.demo.imap_host import ImapHost

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    with ImapHost(dict.fromkeys(names(count), PASSWORD)) as host:
        print(host.port, flush=True)
        signal.pause()


if __name__ == "__main__":
    main()
