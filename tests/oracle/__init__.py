"""A second, slow, exact implementation of the KPI dictionary, to check the models against."""
