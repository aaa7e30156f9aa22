"""What a load costs; the tables judge nothing."""
