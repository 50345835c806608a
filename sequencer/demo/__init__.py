"""The demo (extra `demo`): a mail host in this process, invented buyers who answer, a virtual clock."""
