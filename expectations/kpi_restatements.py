"""kpi.restatements: what was published is not forgotten, and what is new is the feeds'."""

from expectations.rule import Rule, impossible

RULES = (
    Rule(
        "values_now_are_those_of_the_feeds",
        """
        with amounts as (
            select kpi from kpi.definitions where shape = 'total' and unit = 'money'
        ),
        called_for as (
            select kpi, day as calendar_date, amount from expected.kpi_days
            where kpi in (select kpi from amounts)
        )
        select calendar_date, kpi, mart.value_now, called_for.amount as of_the_feeds
        from mart full join called_for using (calendar_date, kpi)
        where coalesce(mart.value_now, 0) <> coalesce(called_for.amount, 0)
            or kpi not in (select kpi from amounts)
        """,
        "A day's amount is not what the feeds hold, so readers would see it move although nothing "
        "did: compare the days kept with kpi.scorecard.",
    ),
    Rule(
        "every_day_of_the_scorecard_has_its_amounts",
        """
        select scorecard.period_start, scorecard.kpi
        from kpi.scorecard as scorecard
        inner join kpi.definitions as definitions on definitions.kpi = scorecard.kpi
            and definitions.shape = 'total' and definitions.unit = 'money'
        left join mart
            on mart.calendar_date = scorecard.period_start and mart.kpi = scorecard.kpi
        where scorecard.period_grain = 'day' and scorecard.dimension = 'all'
            and mart.value_now is null
        """,
        "Days are missing, so nobody would learn that they moved later: look at the model of "
        "restatements.",
    ),
    Rule(
        "what_was_published_is_not_forgotten",
        """
        select published.*, mart.first_value as first_value_here
        from work.history.published_restatements as published
        left join mart
            on mart.calendar_date = published.calendar_date and mart.kpi = published.kpi
        where mart.first_published_by is distinct from published.first_published_by
            or mart.first_published_at is distinct from published.first_published_at
            or mart.first_value is distinct from published.first_value
            or mart.previous_value
                is distinct from coalesce(published.value_now, published.previous_value)
            or mart.times_moved - published.times_moved
                <> coalesce(cast(mart.value_now <> mart.previous_value as integer), 0)
            or (mart.times_moved = published.times_moved
                and mart.moved_by is distinct from published.moved_by)
        """,
        "The marts tell another past than readers saw: compare the rows kept with the current "
        "publication before anything newer is published.",
    ),
    impossible(
        "a_move_says_by_whom_when_and_why",
        """
        change is distinct from value_now - first_value
        or times_moved < 0
        or (times_moved > 0) is distinct from (moved_by is not null)
        or (moved_by is null) <> (moved_at is null)
        or (moved_by is null) <> (reason is null)
        or (times_moved = 0 and change <> 0)
        """,
        "A value moved and nobody can tell why, or did not and is said to have: look at the model "
        "of restatements.",
    ),
    impossible(
        "a_day_has_a_value_up_to_as_of_and_none_after",
        "(calendar_date <= (select as_of from expected.settings)) is distinct from "
        "(value_now is not null)",
        "Days after the last loaded one are counted, or days before it are not: look at the day "
        "that was asked for.",
    ),
)
