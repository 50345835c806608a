"""Sends the letter to each buyer with mailmerge: merge_child.py WORKSPACE PORT COUNT SCRATCH [FILE]."""

import csv
import json
import sys
import time
from pathlib import Path

from mailmerge import SendmailClient, TemplateMessage

EDGE = "=_part"


def template(words: dict[str, str], attachment: str | None) -> str:
    """A template as its documents describe them: header fields, then text and HTML as alternatives."""
    fields = ["TO: {{first_name}} {{last_name}} <{{email}}>", f"SUBJECT: {words['subject']}"]
    fields += ["FROM: Wang Lei <wang@firm.example>", *([f"ATTACHMENT: {attachment}"] if attachment else [])]
    fields += ["MIME-Version: 1.0", f'Content-Type: multipart/alternative; boundary="{EDGE}"']
    parts = [
        f"--{EDGE}\nContent-Type: text/{kind}; charset=utf-8\n\n{words[key]}\n"
        for kind, key in (("plain", "text"), ("html", "html"))
    ]
    return "\n".join(fields) + "\n\n" + "\n".join(parts) + f"\n--{EDGE}--\n"


def main() -> None:
    """Send, then say how long it took."""
    root, port, count, scratch, *attachment = sys.argv[1:]
    words = json.loads(Path(root, "letter.json").read_text("utf-8"))
    pattern, settings = Path(scratch, "mailmerge_template.txt"), Path(scratch, "mailmerge_server.conf")
    pattern.write_text(template(words, attachment[0] if attachment else None), encoding="utf-8")
    settings.write_text(f"[smtp_server]\nhost = 127.0.0.1\nport = {port}\n", encoding="utf-8")
    with Path(root, "contacts.csv").open(encoding="utf-8") as file:
        buyers = list(csv.DictReader(file))[: int(count)]
    started, cpu = time.perf_counter(), time.process_time()
    letters, client = TemplateMessage(pattern), SendmailClient(settings, dry_run=False)
    for buyer in buyers:
        client.sendmail(*letters.render(buyer))
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    print(json.dumps({"seconds": seconds, "cpu_seconds": cpu}))


if __name__ == "__main__":
    main()
