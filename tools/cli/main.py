"""The console script."""

from tools.cli.group import cli


def main() -> None:
    """Run the command line and exit with its status."""
    cli(prog_name="eka")


if __name__ == "__main__":
    main()
