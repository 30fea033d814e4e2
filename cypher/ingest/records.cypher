// Write records
//
// Purpose: one node for each version of what a source says about one party.
// Params:  $rows list maps of key, version, party and all other properties
// Returns: none
// Try:     :param rows => [{"key": "registry/1", "version": 1, "party": "p_0000000000000001", "properties": {"load": "load_1"}}]
UNWIND $rows AS row
MATCH (p:Party {id: row.party})
MERGE (r:Record {key: row.key, version: row.version})
SET r += row.properties
MERGE (r)-[:OF]->(p);
