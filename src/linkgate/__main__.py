"""`python -m linkgate` is the command line."""

from linkgate.fronts.cli import main

if __name__ == "__main__":
    main()
