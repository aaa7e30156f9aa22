"""Real servers on this machine, started for the tests and ended with them."""
