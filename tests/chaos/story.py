"""Story: what a run came to, as a short table."""

from tests.chaos.judge import Verdict

SHOWN_BREACHES = 20


def told(verdict: Verdict, seconds: float) -> str:
    """The table of one seed and, if something broke, the list."""
    hows = verdict.hows
    states = verdict.states
    lines = [
        f"seed {verdict.seed}: {'held' if not verdict.breaches else 'BROKEN'} ({seconds:.0f} s)",
        _line("messages due", verdict.due),
        _line("  sent", states["sent"]),
        _line("  refused", states["refused"]),
        _line(
            "  unsure",
            states["unsure"],
            f"{verdict.by_kill} by a kill, {verdict.by_silence} by a silent server",
        ),
        _line("held by the servers", verdict.held),
        _line("duplicates", verdict.duplicates),
        _line("after an answer", verdict.after_answer, f"{verdict.answers} answers came"),
        _line(
            "kills",
            verdict.kills,
            f"{hows['instant']} at an instant, {hows['timer']} by a timer, {hows['idle']} when idle",
        ),
        _line("cut short", verdict.broken_off, f"connections, {verdict.in_content} while content arrived"),
        _line("longest recovery", f"{verdict.longest_recovery_in:.2f} s", "from a process's start"),
        "  died at",
        *(f"    {times:5}  {instant}" for instant, times in sorted(verdict.places.items())),
        "  unsure between",
        *(
            f"    {times:5}  {' … '.join(between)} ({verdict.arrived[between]} arrived)"
            for between, times in sorted(verdict.explained.items())
        ),
    ]
    if verdict.breaches:
        lines += ["  broken:", *(f"    {breach}" for breach in verdict.breaches[:SHOWN_BREACHES])]
    if len(verdict.breaches) > SHOWN_BREACHES:
        lines.append(f"    … and {len(verdict.breaches) - SHOWN_BREACHES} more")
    return "\n".join(lines) + "\n"


def _line(what: str, number: object, more: str = "") -> str:
    return f"  {what:<21}{number:>8}{'   ' + more if more else ''}"
