"""Tests of the dbt project: its own unit tests, the rules of the house, SQL that Spark reads too."""
