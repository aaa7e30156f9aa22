"""The few macros of dbt itself that the models call, as sqlfluff reads them."""


def type_string() -> str:
    """Return the name of the type of texts."""
    return "text"


def current_timestamp() -> str:
    """Return the moment of the build."""
    return "current_timestamp"


def hash(text: str) -> str:  # noqa: A001  # dbt's name
    """Return the hash of an expression."""
    return f"md5({text})"
