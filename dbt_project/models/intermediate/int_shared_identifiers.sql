with

identified_records as (

    select * from {{ ref('int_identified_records') }}

),

pairs as (

    select distinct
        mine.identifier_kind,
        mine.identifier,
        other.identifier_kind as other_kind,
        other.identifier as other_identifier

    from identified_records as mine

    inner join identified_records as other
        on mine.record_kind = other.record_kind
        and mine.record_id = other.record_id
        and mine.identifier_kind != other.identifier_kind

),

-- The info@ address and the till's phone stand beside everybody: they tell nobody apart.
final as (

    select
        identifier_kind,
        identifier,
        other_kind,
        count(*) as other_identifiers

    from pairs

    group by
        identifier_kind,
        identifier,
        other_kind

    having count(*) > 50

)

select * from final
