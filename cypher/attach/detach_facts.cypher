// Take facts of records away from their parties
//
// Purpose: first half of drawing them again; only ever run in one transaction with the second.
// Params:  $keys list record keys
// Returns: none
// Try:     :param keys => ["registry/1"]
UNWIND $keys AS key
MATCH (:Record {key: key, version: 1})-[:OF]->(p:Party)
WITH DISTINCT p
MATCH (p)-[f]-() WHERE f.from_record IN $keys OR f.to_record IN $keys
WITH DISTINCT f
DELETE f;
