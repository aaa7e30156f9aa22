"""`python -m marketing_warehouse` is `warehouse`."""

from marketing_warehouse.cli import main

if __name__ == "__main__":
    main()
