"""How a command's --help ends: commands to copy, a line each."""


def examples(*commands: str) -> str:
    """An epilog that click neither fills nor breaks in the middle of a command."""
    heading = "Example:" if len(commands) == 1 else "Examples:"
    return "\n".join(["\b", heading, *(f"  {command}" for command in commands)])
