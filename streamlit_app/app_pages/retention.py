"""Keep: who comes back, what keeping them costs, and what they bring."""

from components import process_page

process_page.show(
    process_page.Process(
        name="retention",
        title="Keep",
        question="Do customers come back, and do they bring more than keeping them costs?",
        main=(
            "active_customers",
            "repeat_purchase_rate",
            "retention_cost_per_customer",
            "profit_per_customer",
            "revenue",
            "gross_profit",
        ),
        together=("active_customers", "retention_cost_per_customer", "repeat_purchase_rate"),
    )
)
