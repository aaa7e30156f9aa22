with

identified_records as (

    select * from {{ ref('int_identified_records') }}

),

shared_identifiers as (

    select distinct
        identifier_kind,
        identifier
    from {{ ref('int_shared_identifiers') }}

),

matchable as (

    select
        identified_records.record_kind,
        identified_records.record_id,
        identified_records.identifier_kind || ':' || identified_records.identifier as identifier

    from identified_records

    left join shared_identifiers
        on identified_records.identifier_kind = shared_identifiers.identifier_kind
        and identified_records.identifier = shared_identifiers.identifier

    where shared_identifiers.identifier is null

),

-- Every identifier of a record is linked with the record's first one.
final as (

    select
        record_kind,
        record_id,
        identifier,
        min(identifier) over (partition by record_kind, record_id) as first_identifier

    from matchable

)

select * from final
