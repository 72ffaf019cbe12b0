"""What is looked over in the cluster itself: version, health, room on its disks (a line per problem); its figures."""

from __future__ import annotations

from typing import Any

from elasticsearch import Elasticsearch

from workers.index.elasticsearch_errors import translated
from workers.index.elasticsearch_templates import STAMP

MAJOR = 9  # of the servers the client speaks to
# Elasticsearch's defaults: below "low" free space no new shards come here, below "flood" indices become read-only.
# Each is the smaller of a share of the disk and a fixed headroom (cluster.routing.allocation.disk.watermark.*).
DISK = (("flood", 0.05, 100 * 2**30), ("high", 0.10, 150 * 2**30), ("low", 0.15, 200 * 2**30))


def check_version(version: str) -> list[str]:
    """Tell when the server is of another generation than the client."""
    if version.split(".")[0] == str(MAJOR):
        return []
    return [f"Elasticsearch is {version}; Kabar speaks to {MAJOR}.x"]


def check_health(client: Elasticsearch) -> list[str]:
    """Tell when the cluster has lost data from sight. Raises KabarError when it does not answer."""
    with translated("cluster health"):
        status = client.cluster.health().body["status"]
    return (
        ["Elasticsearch: cluster status is red: some data can't be reached (GET _cluster/allocation/explain)"]
        if status == "red"
        else []
    )


def check_disk(client: Elasticsearch) -> list[str]:
    """Tell which nodes run out of room. Raises KabarError when the cluster does not answer."""
    with translated("disk figures"):
        nodes = client.nodes.stats(metric="fs").body["nodes"].values()
    problems = []
    for node in nodes:
        total, free = node["fs"]["total"]["total_in_bytes"], node["fs"]["total"]["available_in_bytes"]
        passed = [name for name, share, headroom in DISK if free < min(total * share, headroom)]
        if passed:
            problems.append(
                f"Elasticsearch node {node['name']}: {free / 2**30:.1f} of {total / 2**30:.1f} GiB free, "
                f"below the {passed[0]} watermark: give it room before writes stop"
            )
    return problems


def figures(client: Elasticsearch, alias: str, index: str) -> dict[str, Any]:
    """Return documents, bytes on disk (primaries), template stamp and the cluster's version for people."""
    with translated("stats"):
        version = client.info().body["version"]["number"]
        sizes = client.indices.stats(index=index, metric=["store", "docs"]).body
        meta = client.indices.get_mapping(index=index).body[index]["mappings"].get("_meta", {})
        return {
            "documents": int(client.count(index=alias).body["count"]),
            "bytes": sizes["_all"]["primaries"]["store"]["size_in_bytes"],
            "alias": alias,
            "index": index,
            "template": meta.get(STAMP, ""),
            "version": version,
        }
