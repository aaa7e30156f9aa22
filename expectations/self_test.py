"""Self-test: two expectations whose outcome is known, to tell a broken audit from a bad mart."""

from expectations.rule import Rule, Suite

# An error of the engine looks like a failed expectation; these two tell them apart.
MUST_PASS = Rule(
    "nothing_is_not_found",
    "select * from mart where 1 = 0",
    "This must pass: when it does not, the audit itself is broken.",
)
MUST_FAIL = Rule(
    "something_is_found",
    "select 1 as found",
    "This must fail: when it does not, the audit itself is broken.",
)

SELF_TEST = Suite("self_test", "ops.settings", (MUST_PASS, MUST_FAIL))
