// Write group limits
//
// Purpose: one node for each version, tied to the party its record belongs to.
// Params:  $rows list maps of to_record, fact_id, version and all other properties
// Returns: none
// Try:     :param rows => [{"to_record": "a/2", "fact_id": "fact_1", "version": 1, "properties": {"load": "load_1"}}]
UNWIND $rows AS row
MATCH (:Record {key: row.to_record, version: 1})-[:OF]->(to:Party)
MERGE (f:Limit {fact_id: row.fact_id, version: row.version})
SET f += row.properties, f.to_record = row.to_record
MERGE (f)-[:SET_FOR]->(to);
