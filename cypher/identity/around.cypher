// Records that stand or fall together with some records
//
// Purpose: those of the same party, and those that were linked with them automatically.
// Params:  $keys list record keys
// Returns: key string a record
//          linked string the smallest key of the records it was linked with, if it was
//          party string its party
// Try:     :param keys => ["registry/1"]
UNWIND $keys AS key
MATCH (r:Record {key: key, version: 1})
CALL (r) {
  MATCH (r)-[:OF]->(p:Party)
  MATCH (p)<-[:OF]-(other:Record {version: 1})
  RETURN other
  UNION
  MATCH (other:Record) WHERE other.linked = r.linked
  RETURN other
}
WITH DISTINCT other
MATCH (other)-[:OF]->(p:Party)
RETURN other.key AS key, other.linked AS linked, p.id AS party
ORDER BY key;
