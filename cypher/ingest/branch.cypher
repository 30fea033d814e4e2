// Write the bank's branches
//
// Purpose: one node for each version.
// Params:  $rows list maps of fact_id, version and all other properties
// Returns: none
// Try:     :param rows => [{"fact_id": "fact_1", "version": 1, "properties": {"load": "load_1"}}]
UNWIND $rows AS row
MERGE (f:Branch {fact_id: row.fact_id, version: row.version})
SET f += row.properties;
