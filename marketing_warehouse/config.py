"""Config: business.yml as one validated object; every error names its line and what is allowed."""

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import phonenumbers
from pydantic import (
    AfterValidator,
    Field,
    SerializeAsAny,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from marketing_warehouse.config_errors import did_you_mean, sentence, spoken_problems
from marketing_warehouse.config_text import read_config_text
from marketing_warehouse.connectors import CONNECTORS
from marketing_warehouse.connectors.options import SourceOptions, TimeZone
from marketing_warehouse.errors import ConfigError
from marketing_warehouse.feeds import FEEDS
from marketing_warehouse.report_settings import ReportSettings
from marketing_warehouse.sections import (
    UNKNOWN_KEY,
    Section,
    Text,
    Texts,
    check_sql,
    not_allowed,
    refuse,
)
from marketing_warehouse.sql_guard import SqlGuard, locked_duckdb

Identifier = Literal["customer_id", "email", "phone"]
LEAD_EVENTS = ("inbound_call", "web_form", "store_visit", "decision_maker_interest")
PERSONAL = ("email", "phone")
CRITERIA = "one true-or-false SQL expression over a lead's columns and extra"
QUERIES = "one SQL SELECT over the table source"
WHOLE_FILTER = "(whole filter)"  # what sales.filter_discipline calls all criteria together


def _known_country(country: str) -> str:
    if country not in phonenumbers.SUPPORTED_REGIONS:
        raise not_allowed("a country's two capital letters (ISO 3166), such as RO")
    return country


def _currency(code: str) -> str:
    if not (len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()):
        raise not_allowed("a currency's three capital letters (ISO 4217), such as EUR")
    return code


def _source_name(name: str) -> str:
    if not re.fullmatch("[a-z0-9_-]+", name):
        raise not_allowed("small letters, digits, _ and -")
    return name


def _criterion_name(name: str) -> str:
    if name == WHOLE_FILTER:
        raise not_allowed(f"a name other than {WHOLE_FILTER}, which stands for all criteria")
    return name


def _namespace(ids: str) -> str:
    if not re.fullmatch(r"[^\s:/]+", ids):
        raise not_allowed("a text without spaces, colons and slashes")
    return ids


class Business(Section):
    """Who the warehouse is for.

    Without a country, only phones with their country's code (+40 ...) can be matched.
    """

    name: Text = "My business"
    currency: Annotated[str, AfterValidator(_currency)]
    timezone: TimeZone
    country: Annotated[str, AfterValidator(_known_country)] | None = None


class CustomerAfter(Section):
    """When a person is a customer."""

    completed_orders: Annotated[int, Field(ge=1)] = 1


class Identity(Section):
    """What ties leads, orders and loyalty to one person."""

    match_on: tuple[Identifier, ...] = get_args(Identifier)
    ignore: Texts = ()


class Kpi(Section):
    """The numbers in the KPIs' definitions."""

    lead_dedup_days: Annotated[int, Field(ge=0)] = 30
    lead_to_customer_days: Annotated[int, Field(ge=0)] = 365
    first_contact_hours: Annotated[int, Field(ge=1)] = 24
    maturity_days: Annotated[int, Field(ge=0)] = 90
    active_customer_days: Annotated[int, Field(ge=1)] = 365


class MaxBadRows(Section):
    """How many rows of a load may not fit: it fails when both bounds are exceeded."""

    share: Annotated[float, Field(ge=0, le=1)] = 0.01
    at_least: Annotated[int, Field(ge=0)] = 10


class Criterion(Section):
    """One written rule that a lead meets or not, and the days on which it is in force."""

    name: Annotated[Text, AfterValidator(_criterion_name)]
    where: Text
    valid_from: date | None = None
    valid_to: date | None = None

    @field_validator("where")
    @classmethod
    def _sound_sql(cls, where: str, info: ValidationInfo) -> str:
        check_sql(info, lambda guard: guard.check_criterion(where), CRITERIA)
        return where

    @model_validator(mode="after")
    def _from_before_to(self) -> "Criterion":
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            refuse([(("valid_to",), str(self.valid_to), f"a day from {self.valid_from} on")])
        return self


class Source(Section):
    """One source: which feed it fills, where it is, and how its columns become the feed's."""

    name: Annotated[str, AfterValidator(_source_name)]
    feed: Text
    connector: Text
    path: Text | None = Field(default=None, validate_default=True)
    options: SerializeAsAny[SourceOptions] = Field(
        default_factory=SourceOptions, validate_default=True
    )
    query: Text | None = None
    columns: dict[Text, Text] = Field(default_factory=dict)
    values: dict[Text, dict[Text, str | None]] = Field(default_factory=dict)
    defaults: dict[Text, Text] = Field(default_factory=dict)
    keep: Texts = ()
    ids: Annotated[str, AfterValidator(_namespace)] | None = None
    customer_ids: Literal["shared", "own"] = "shared"
    max_bad_rows: MaxBadRows | None = None

    @field_validator("feed")
    @classmethod
    def _known_feed(cls, feed: str) -> str:
        if feed not in FEEDS:
            raise not_allowed(", ".join(FEEDS) + did_you_mean(feed, FEEDS))
        return feed

    @field_validator("connector")
    @classmethod
    def _known_connector(cls, connector: str, info: ValidationInfo) -> str:
        if connector not in CONNECTORS:
            raise not_allowed(", ".join(CONNECTORS) + did_you_mean(connector, CONNECTORS))
        feeds, feed = CONNECTORS[connector].feeds, info.data.get("feed")
        if feeds and feed and feed not in feeds:
            raise not_allowed(f"a connector for {feed}; {connector} fills {', '.join(feeds)}")
        return connector

    @field_validator("path")
    @classmethod
    def _path_for_files(cls, path: str | None, info: ValidationInfo) -> str | None:
        connector = CONNECTORS.get(info.data.get("connector", ""))
        if connector and connector.reads_files and path is None:
            raise not_allowed("the path of a file, or a glob such as inbox/orders_*.csv")
        if connector and not connector.reads_files and path is not None:
            raise not_allowed(f"no path: the connector {connector.name} reads no files")
        return path

    @field_validator("options", mode="before")
    @classmethod
    def _options_of_connector(cls, options: Any, info: ValidationInfo) -> Any:
        connector = CONNECTORS.get(info.data.get("connector", ""))
        if connector is None:
            return SourceOptions()
        written = {} if isinstance(options, SourceOptions) else options
        return connector.options.model_validate(written, context=info.context)

    @field_validator("query")
    @classmethod
    def _sound_sql(cls, query: str | None, info: ValidationInfo) -> str | None:
        if query is not None:
            check_sql(info, lambda guard: guard.check_query(query), QUERIES)
        return query

    @field_validator("columns", "values", "defaults")
    @classmethod
    def _of_the_feed(cls, section: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        feed = FEEDS.get(info.data.get("feed", ""))
        if feed is None:
            return section
        known = feed.column_names
        refuse(
            (
                ((name,), name, ", ".join(known) + did_you_mean(name, known))
                for name in section
                if name not in known
            ),
            kind=UNKNOWN_KEY,
        )
        return section

    @field_validator("values", "defaults")
    @classmethod
    def _known_codes(cls, section: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        feed = FEEDS.get(info.data.get("feed", ""))
        codes = {column.name: column.codes for column in feed.columns} if feed else {}
        written = (
            (place, text, codes.get(str(place[0]), ()))
            for name, said in section.items()
            for place, text in _texts_of(name, said)
        )
        refuse(
            (place, text, ", ".join(allowed) + did_you_mean(text, allowed))
            for place, text, allowed in written
            if allowed and text.lower() not in allowed
        )
        return section

    @field_validator("keep")
    @classmethod
    def _nothing_plain(cls, keep: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        mapped = {column.lower() for column in info.data.get("columns", {}).values()}
        refuse(
            ((place,), name, f"other columns; map this one to {name.lower()}, to be hashed")
            for place, name in enumerate(keep)
            if name.lower() in PERSONAL and name.lower() not in mapped
        )
        return keep


def _texts_of(name: str, said: str | dict[str, str | None]) -> list[tuple[tuple[str, ...], str]]:
    if isinstance(said, str):
        return [((name,), said)]
    return [((name, found), text) for found, text in said.items() if text]


class Config(Section):
    """The whole of business.yml."""

    path: Path
    business: Business
    customer_after: CustomerAfter = CustomerAfter()
    identity: Identity = Identity()
    kpi: Kpi = Kpi()
    lead_events: Texts = LEAD_EVENTS
    target_audience: tuple[Criterion, ...] = ()
    lead_filter: tuple[Criterion, ...] = ()
    sources: tuple[Source, ...] = Field(default=(), validate_default=True)
    history_from: date = date(2000, 1, 1)
    max_bad_rows: MaxBadRows = MaxBadRows()
    report: ReportSettings = ReportSettings()

    @field_validator("target_audience", "lead_filter")
    @classmethod
    def _one_at_a_time(cls, criteria: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
        refuse(
            ((place, "name"), later.name, "a name of its own, or days that do not overlap")
            for place, later in enumerate(criteria)
            for earlier in criteria[:place]
            if earlier.name == later.name and _overlap(earlier, later)
        )
        return criteria

    @field_validator("sources")
    @classmethod
    def _named_sources(cls, sources: tuple[Source, ...]) -> tuple[Source, ...]:
        if not sources:
            raise not_allowed("at least one source: say its name, feed, connector and path")
        names = [source.name for source in sources]
        refuse(
            ((place, "name"), name, "a name that no other source has")
            for place, name in enumerate(names)
            if name in names[:place]
        )
        return sources

    def source(self, name: str) -> Source:
        """Return a source by its name.

        Raises:
            ConfigError: there is none of this name.
        """
        for source in self.sources:
            if source.name == name:
                return source
        known = ", ".join(source.name for source in self.sources)
        raise ConfigError(f"{self.path.name} has no source {name}; it has: {known}.")

    def max_bad_rows_of(self, source: Source) -> MaxBadRows:
        """Return the bounds that hold for a source."""
        return source.max_bad_rows or self.max_bad_rows

    def timezone_of(self, source: Source) -> str:
        """Return the zone of a source's times that name none."""
        return source.options.timezone or self.business.timezone


def _overlap(one: Criterion, other: Criterion) -> bool:
    starts = max(one.valid_from or date.min, other.valid_from or date.min)
    return starts <= min(one.valid_to or date.max, other.valid_to or date.max)


def read_config(path: Path) -> Config:
    """Read business.yml as a whole.

    Raises:
        ConfigError: something in it is not allowed; its text has a line for every problem.
    """
    text = read_config_text(path)
    problems = list(text.problems)
    config = None
    try:
        with locked_duckdb() as connection:
            values = {**text.values, "path": path} if isinstance(text.values, dict) else text.values
            context = {"guard": SqlGuard(connection)}
            config = Config.model_validate(
                {"path": path} if values is None else values, context=context
            )
    except ValidationError as error:
        problems += spoken_problems(text, error, Config)
    if config is None or problems:
        lines = dict.fromkeys(sorted(problems, key=lambda problem: problem[0]))
        raise ConfigError(
            "\n".join(f"{path.name}, line {line}: {sentence(said)}" for line, said in lines)
        )
    return config
