with

identity_links as (

    select distinct
        record_kind,
        record_id,
        first_identifier
    from {{ ref('int_identity_links') }}

),

identities as (

    select * from {{ ref('int_identities') }}

),

final as (

    select
        identity_links.record_kind,
        identity_links.record_id,
        identities.person_key

    from identity_links

    inner join identities
        on identity_links.first_identifier = identities.identifier

)

select * from final
