"""The marketing warehouse: land, load, build, audit, publish and read, without any orchestrator."""
