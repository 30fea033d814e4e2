// Write powers
//
// Purpose: draws each fact between the parties its two records belong to; once for each fact and version.
// Params:  $rows list maps of from_record, to_record, fact_id, version and all other properties
// Returns: none
// Try:     :param rows => [{"from_record": "a/1", "to_record": "a/2", "fact_id": "fact_1", "version": 1, "properties": {"load": "load_1"}}]
UNWIND $rows AS row
MATCH (:Record {key: row.from_record, version: 1})-[:OF]->(from:Party)
MATCH (:Record {key: row.to_record, version: 1})-[:OF]->(to:Party)
MERGE (from)-[f:HAS_POWER_OVER {fact_id: row.fact_id, version: row.version}]->(to)
SET f += row.properties, f.from_record = row.from_record, f.to_record = row.to_record;
