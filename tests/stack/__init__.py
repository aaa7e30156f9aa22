"""The stack of docker-compose.yml, brought up on an engine of the tests' own."""
