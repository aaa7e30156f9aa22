with

source as (

    select * from {{ source('history', 'published_settings') }}

),

final as (

    select settings_sha256 from source

)

select * from final
