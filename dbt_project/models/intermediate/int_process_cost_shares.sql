with

-- What names the same on the same day is shared out as one sum.
named as (

    select
        cost_date,
        cast(date_trunc('month', cost_date) as date) as cost_month,
        process,
        method as named_method,
        unit as named_unit,
        employee as named_employee,
        cast(sum(amount) as decimal(18, 4)) as amount

    from {{ ref('int_process_cost_days') }}

    group by
        cost_date,
        cast(date_trunc('month', cost_date) as date),
        process,
        method,
        unit,
        employee

),

weights as (

    select * from {{ ref('int_process_cost_weights') }}

),

matched as (

    select
        named.*,
        weights.method,
        weights.unit,
        weights.employee,
        weights.weight,
        sum(weights.weight) over (
            partition by
                named.cost_date,
                named.process,
                named.named_method,
                named.named_unit,
                named.named_employee
        ) as all_weights,
        row_number() over (
            partition by
                named.cost_date,
                named.process,
                named.named_method,
                named.named_unit,
                named.named_employee
            order by weights.weight desc, weights.method, weights.unit, weights.employee
        ) as share_number

    from named

    left join weights
        on named.process = weights.process
        and named.cost_month = weights.cost_month
        and (named.named_method is null or named.named_method = weights.method)
        and (named.named_unit is null or named.named_unit = weights.unit)
        and (named.named_employee is null or named.named_employee = weights.employee)
        and (
            named.named_method is null
            or named.named_unit is null
            or named.named_employee is null
        )

),

rounded as (

    select
        *,
        case
            when weight is null then amount
            else {{ part_of_amount('amount', 'weight', 'all_weights') }}
        end as rounded_amount

    from matched

),

-- The largest share takes what rounding left over, so that no cent is lost.
final as (

    select
        cost_date,
        process,
        coalesce(named_method, method, '(unallocated)') as method,
        coalesce(named_unit, unit, '(unallocated)') as unit,
        coalesce(named_employee, employee, '(unallocated)') as employee,
        cast(
            case
                when share_number = 1
                    then amount - (
                        sum(rounded_amount) over (
                            partition by
                                cost_date,
                                process,
                                named_method,
                                named_unit,
                                named_employee
                        ) - rounded_amount
                    )
                else rounded_amount
            end as decimal(18, 4)
        ) as amount

    from rounded

)

select * from final
