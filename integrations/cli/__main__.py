"""`python -m integrations.cli`."""

from integrations.cli.entry import main

if __name__ == "__main__":
    main()
