"""EmailMessage and smtplib over one connection, as a careful script would."""

import argparse
import csv
import json
import mimetypes
import smtplib
import sys
import time
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path

from benchmarks.throughput.measure import Job, Result, run

NAME = "EmailMessage + smtplib"


def send(job: Job) -> Result:
    """In a process of its own."""
    words = [sys.executable, "-m", __name__, str(job.workspace), str(job.port), str(job.messages)]
    return run([*words, *([str(job.attachment)] if job.attachment else [])], job.messages)


def letter(
    words: dict[str, str], buyer: dict[str, str], attachment: tuple[str, bytes] | None
) -> EmailMessage:
    """One buyer's message."""

    def filled(text: str) -> str:
        return text.replace("{{first_name}}", buyer["first_name"]).replace("{{company}}", buyer["company"])

    message = EmailMessage()
    message["From"] = "Wang Lei <wang@firm.example>"
    message["To"] = f"{buyer['first_name']} {buyer['last_name']} <{buyer['email']}>"
    message["Subject"] = filled(words["subject"])
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = make_msgid(domain="firm.example")
    message.set_content(filled(words["text"]))
    message.add_alternative(filled(words["html"]), subtype="html")
    if attachment:
        name, content = attachment
        kind, _, subtype = (mimetypes.guess_type(name)[0] or "application/octet-stream").partition("/")
        message.add_attachment(content, maintype=kind, subtype=subtype, filename=name)
    return message


def main() -> None:
    """Send, then say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("port", type=int)
    parser.add_argument("messages", type=int)
    parser.add_argument("attachment", type=Path, nargs="?")
    options = parser.parse_args()
    words = json.loads((options.workspace / "letter.json").read_text("utf-8"))
    with (options.workspace / "contacts.csv").open(encoding="utf-8") as file:
        buyers = list(csv.DictReader(file))[: options.messages]
    started, cpu = time.perf_counter(), time.process_time()
    attachment = (options.attachment.name, options.attachment.read_bytes()) if options.attachment else None
    with smtplib.SMTP("127.0.0.1", options.port, local_hostname="bench.example") as server:
        for buyer in buyers:
            server.send_message(letter(words, buyer, attachment))
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    print(json.dumps({"seconds": seconds, "cpu_seconds": cpu}))


if __name__ == "__main__":
    main()
