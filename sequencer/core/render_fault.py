"""Why one message could not be rendered, in words for the rep."""

from sequencer.errors import InputError


class RenderFault(InputError):
    """A template and a contact do not fit together; that one message does not leave.

    `where` is `templates/….md:line` (the line is left out where there is none), and the message names the
    contact's address when it is about a contact.
    """
