"""One row per identifier: the person whom it belongs to, over chains of matches of any length."""

import hashlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def model(dbt, session):
    """Return the columns `identifier` and `person_key`, one row per identifier.

    Chains of matches are connected components, which SQL cannot say well. The key of a person is
    the hash of their smallest identifier, so that it does not depend on the order of rows.
    """
    dbt.config(materialized="table")
    links = dbt.ref("int_identity_links").aggregate("identifier, first_identifier")
    links = links.to_arrow_table()
    named = pa.chunked_array(
        links["identifier"].chunks + links["first_identifier"].chunks, pa.string()
    )
    encoded = named.combine_chunks().dictionary_encode()
    identifiers = encoded.dictionary
    size = len(identifiers)
    ends = np.split(encoded.indices.to_numpy(), 2)
    graph = coo_array((np.ones(len(links), dtype=np.int8), ends), shape=(size, size))
    _, component = connected_components(graph, directed=False)
    # In the order of the identifiers, the first of a component is its smallest.
    order = pc.sort_indices(identifiers).to_numpy()
    _, first = np.unique(component[order], return_index=True)
    keys = pa.array(map(_key, identifiers.take(order[first]).to_pylist()), pa.string())
    return pa.table({"identifier": identifiers, "person_key": keys.take(pa.array(component))})


def _key(identifier):
    """Return the person's key, a short name and no secret."""
    return hashlib.md5(identifier.encode(), usedforsecurity=False).hexdigest()
