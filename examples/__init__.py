"""Examples: businesses that nobody runs, to try the warehouse on."""
