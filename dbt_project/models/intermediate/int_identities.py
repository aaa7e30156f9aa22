"""One row per identifier: the person whom it belongs to, over chains of matches of any length."""

import hashlib

import numpy as np
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def model(dbt, session):
    """Return the columns `identifier` and `person_key`, one row per identifier.

    Chains of matches are connected components, which SQL cannot say well. The key of a person is
    the hash of their smallest identifier, so that it does not depend on the order of rows.
    """
    dbt.config(materialized="table")
    links = dbt.ref("int_identity_links").aggregate("identifier, first_identifier")
    links = links.to_arrow_table().combine_chunks()
    identifiers = np.unique(links["identifier"].to_numpy(zero_copy_only=False).astype(object))
    ends = [
        np.searchsorted(identifiers, links[name].to_numpy(zero_copy_only=False).astype(object))
        for name in ("identifier", "first_identifier")
    ]
    size = len(identifiers)
    graph = coo_array((np.ones(len(ends[0]), dtype=np.int8), ends), shape=(size, size))
    _, component = connected_components(graph, directed=False)
    # Identifiers are sorted, so the first of a component is its smallest.
    _, first = np.unique(component, return_index=True)
    keys = [_key(identifiers[index]) for index in first]
    people = np.array(keys, dtype=object)[component] if size else []
    return pa.table(
        {
            "identifier": pa.array(identifiers, pa.string()),
            "person_key": pa.array(people, pa.string()),
        }
    )


def _key(identifier):
    """Return the person's key, a short name and no secret."""
    return hashlib.md5(identifier.encode(), usedforsecurity=False).hexdigest()
