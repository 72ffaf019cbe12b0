"""`python -m workers` is `kabar`."""

from workers.cli.main import main

if __name__ == "__main__":
    main()
