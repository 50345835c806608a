"""`python -m sequencer` is the `sequencer` command."""

from sequencer.cli import main

if __name__ == "__main__":
    main()
