"""Real input, mapped by business.yml alone."""
