"""kpi.weak_places: each is worse than its goal, none is kept quiet, and its money can be redone."""

from expectations.kpi_levers import KEY, PRICED, ROUNDING
from expectations.rule import Rule, impossible

CENT = 0.01

# What the scorecard calls for: the six periods before are a window here, a join in the model.
CALLED_FOR = f"""
    with history as (
        select *,
            median(value) over the_six_before as middle_of_six,
            count(*) over the_six_before as periods_before
        from kpi.scorecard
        where kpi in ({PRICED}) and period_grain <> 'day' and is_mature and value is not null
        window the_six_before as (
            partition by kpi, period_grain, dimension, member order by period_start
            rows between 6 preceding and 1 preceding
        )
    ),
    goals as (
        select history.*, definitions.direction,
            case when target is not null then target
                when periods_before = 6 then middle_of_six end as goal,
            case when target is not null then 'target' else 'benchmark' end as goal_is
        from history inner join kpi.definitions as definitions using (kpi)
    )
    select * from goals
    where case direction when 'up' then value < goal else value > goal end
"""


RULES = (
    Rule(
        "places_are_those_where_the_scorecard_misses_its_goal",
        f"""
        with called_for as ({CALLED_FOR}),
        compared as (
            select {KEY}, mart.goal, called_for.goal as goal_called_for,
                mart.goal_is, called_for.goal_is as called_for_is,
                mart.value, called_for.value as value_in_the_scorecard,
                mart.numerator is not distinct from called_for.numerator
                and mart.denominator is not distinct from called_for.denominator
                and mart.period_end = called_for.period_end as has_the_same_parts
            from mart full join called_for using ({KEY})
        )
        select * from compared
        where goal_is is distinct from called_for_is
            or value is distinct from value_in_the_scorecard or not has_the_same_parts
            or abs(goal - goal_called_for) > {ROUNDING} * greatest(1, abs(goal))
        """,
        "A weak place is kept quiet, is none, or is measured by another goal than the scorecard's: "
        "look at the model of weak places.",
    ),
    impossible(
        "a_gap_is_what_lies_between_value_and_goal",
        f"""
        gap <= 0 or abs(gap - abs(goal - value)) > {ROUNDING} * greatest(1, abs(goal))
        or case direction when 'up' then value >= goal else value <= goal end
        """,
        "A place is called weak that is as good as its goal, or its gap is not what lies between.",
    ),
    Rule(
        "money_is_the_gap_times_what_one_unit_brings",
        f"""
        with redone as (
            select mart.*, abs(mart.goal - mart.value) * levers.money_per_unit as money,
                mart.quantity is not distinct from levers.quantity
                and mart.price is not distinct from levers.price as has_the_levers_parts
            from mart left join kpi.levers using ({KEY})
        )
        select * from redone
        where not has_the_levers_parts or (money is null) <> (money_at_stake is null)
            or abs(money - cast(money_at_stake as double))
                > greatest({CENT}, {ROUNDING} * abs(money))
        """,
        "The money at stake is not what the levers make of the gap: owners would mend the wrong "
        "place first. Look at the model of weak places.",
    ),
    Rule(
        "ranks_follow_the_money",
        """
        select *, lag(rank) over in_a_row as rank_before,
            lag(money_at_stake) over in_a_row as money_before
        from mart
        window in_a_row as (partition by period_grain, period_start order by rank)
        qualify rank <> coalesce(rank_before, 0) + 1
            or (rank > 1 and coalesce(money_at_stake > money_before, false))
            or (rank > 1 and money_before is null and money_at_stake is not null)
        """,
        "Places do not stand in the order of their money: readers look at the first ones only.",
    ),
    Rule(
        "a_sentence_names_its_member_and_its_goal",
        """
        select mart.* from mart, expected.settings
        where (dimension <> 'all' and not contains(sentence, dimension || ' ' || member))
            or not contains(sentence, case goal_is when 'target' then ', the target is '
                else ', usual is ' end)
            or (not contains(sentence, ' ' || currency)
                and (unit = 'money' or money_at_stake is not null))
        """,
        "A sentence tells of another place than its row: look at how sentences are made.",
    ),
)
