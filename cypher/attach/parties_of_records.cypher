// Which party records are OF
//
// Purpose: before they are moved, so that both parties can be drawn anew.
// Params:  $keys list record keys
// Returns: key string the record
//          party string its party
// Try:     :param keys => ["registry/1"]
UNWIND $keys AS key
MATCH (r:Record {key: key, version: 1})-[:OF]->(p:Party)
RETURN r.key AS key, p.id AS party
ORDER BY key;
