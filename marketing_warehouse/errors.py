"""Errors named for the business; each message is one sentence that says what to do."""


class WarehouseError(Exception):
    """Something a user can act on; its text is shown as it is, without a traceback."""

    exit_code = 1


class ConfigError(WarehouseError):
    """`business.yml` or a setting of the environment is wrong."""

    exit_code = 2


class MissingKeyError(ConfigError):
    """The key that hashes personal data is absent or readable by others."""


class SourceError(WarehouseError):
    """One source could not be landed or loaded; the others go on."""


class SourceUnavailableError(SourceError):
    """The source did not answer; trying again later may help."""


class CredentialsRefusedError(SourceError):
    """The source answered that we may not ask; retrying is no use."""


class QuotaUsedUpError(SourceError):
    """The source answers no more today; what was landed until then counts, the rest follows."""


class SourceRefusedError(SourceError):
    """The source's rows do not fit its feed; retrying is no use until the source is mended."""


class BusyError(WarehouseError):
    """Another load is at work on this home."""

    exit_code = 4


class BuildError(WarehouseError):
    """The models could not be built."""


class ExpectationsNotMetError(WarehouseError):
    """The candidate failed its audit."""


class AuditBrokenError(WarehouseError):
    """The audit itself does not work, so nobody knows whether the candidate is sound."""


class NotAuditedError(WarehouseError):
    """The candidate at hand has no passed audit of its own."""


class NothingPublishedError(WarehouseError):
    """There is no publication to read or to go back to."""


class EarlierMartsError(WarehouseError):
    """The published marts are those of an earlier version; loading again publishes them anew."""


class QueryError(WarehouseError):
    """An analyst's query is not allowed or not understood."""

    exit_code = 2


class ReportNotSentError(WarehouseError):
    """The printed report could not be mailed; the marts are published all the same."""


class MailUnavailableError(ReportNotSentError):
    """The mail server did not answer; trying again later may help."""


class IncompleteLoadError(WarehouseError):
    """The marts were published, but a source was left out, or the report was not sent."""

    exit_code = 3


# What patience may mend: a scheduler tries again after these, and after no other.
PASSING = (SourceUnavailableError, BusyError, MailUnavailableError)
