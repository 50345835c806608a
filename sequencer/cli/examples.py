"""How a command's --help ends: commands to copy, a line each."""


def examples(*commands: str, about: str = "") -> str:
    """An epilog that click neither fills nor breaks in the middle of a command, below what `about` says."""
    heading = "Example:" if len(commands) == 1 else "Examples:"
    lead = [about, ""] if about else []
    return "\n".join([*lead, "\b", heading, *(f"  {command}" for command in commands)])
