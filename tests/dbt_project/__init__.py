"""Tests of the dbt project: unit tests, the rules of the house, SQL that Spark reads too."""
