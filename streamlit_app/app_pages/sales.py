"""Sell: which leads pass the written filter, and which become customers."""

from components import process_page

process_page.show(
    process_page.Process(
        name="sales",
        title="Sell",
        question="Are good leads lost, and what does a customer cost to win?",
        main=(
            "new_customers",
            "lead_to_customer_rate",
            "qualified_leads",
            "filter_pass_rate",
            "sales_cost_per_customer",
            "sales_cost",
        ),
        together=("new_customers", "sales_cost_per_customer", "lead_to_customer_rate"),
    )
)
