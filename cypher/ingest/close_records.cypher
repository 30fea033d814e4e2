// Close versions of records, and the contact points they brought
//
// Purpose: a closed version stays, so that any past day can still be asked for.
// Params:  $load string the load that closes them
//          $rows list maps of id, version, superseded_at, closed_because, undo_superseded_at
// Returns: none
// Try:     :param load => "load_1"
//          :param rows => [{"id": "registry/1", "version": 1, "superseded_at": "2026-06-30T00:00:00.000000Z", "closed_because": "version", "undo_superseded_at": null}]
UNWIND $rows AS row
MATCH (r:Record {key: row.id, version: row.version})-[:OF]->(p:Party)
SET r.superseded_at = row.superseded_at, r.closed_because = row.closed_because, r.closed_by = $load,
    r.undo_superseded_at = row.undo_superseded_at
WITH r, p, row
MATCH (p)-[u:USES]->() WHERE u.from_record = r.key AND u.record_version = r.version
SET u.superseded_at = row.superseded_at, u.closed_because = row.closed_because, u.closed_by = $load,
    u.undo_superseded_at = row.undo_superseded_at;
