"""core.ad_spend: every row of the ad platforms once, and every cent of it."""

from expectations.rule import WARNING, Rule, fresh, impossible, same_rows, usual_volume

RULES = (
    same_rows(
        "spend_date, method, platform, account_id, campaign_id, ad_group_id",
        "expected.ad_spend",
        "currency, spend, amount, impressions, clicks",
        "What the ad platforms charged is not what the marts hold, so every cost per lead is "
        "wrong: compare the rows kept with the deliveries of ad spend.",
    ),
    impossible(
        "nothing_is_spent_after_as_of_or_below_zero",
        "spend_date > (select as_of from expected.settings) or least(spend, amount) < 0 "
        "or least(impressions, clicks) < 0",
        "Spend that is negative or lies in the future cannot be: the build let through what "
        "belongs in quarantine.",
    ),
    Rule(
        "clicks_are_fewer_than_impressions",
        "select * from mart where clicks > impressions",
        "More clicks than impressions: two columns may be swapped in the mapping of this source.",
        WARNING,
    ),
    fresh("spend_date"),
    usual_volume("core.ad_spend"),
)
