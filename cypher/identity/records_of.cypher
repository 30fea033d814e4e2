// Keys of the records of some parties
//
// Purpose: what a merge or split is about.
// Params:  $ids list party ids
// Returns: party string the party
//          keys list its record keys
//          name string what it is called
//          kind string its kind
// Try:     :param ids => ["p_0000000000000001"]
UNWIND $ids AS id
MATCH (p:Party {id: id})<-[:OF]-(r:Record {version: 1})
WITH p, r ORDER BY r.key
RETURN p.id AS party, collect(r.key) AS keys, p.name AS name, p.kind AS kind;
