// Take credits and limits of records away from their parties
//
// Purpose: first half of drawing them again; only ever run in one transaction with the second.
// Params:  $keys list record keys
// Returns: none
// Try:     :param keys => ["registry/1"]
UNWIND $keys AS key
MATCH (:Record {key: key, version: 1})-[:OF]->(p:Party)
WITH DISTINCT p
MATCH (p)<-[arrow:GRANTED_TO|SET_FOR]-(n) WHERE n.to_record IN $keys
DELETE arrow;
