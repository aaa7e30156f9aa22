"""Charts: pure functions from numbers to a picture, one module per kind of chart."""
