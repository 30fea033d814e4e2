// What people decided of some records
//
// Purpose: which of them are one, and which are not, as far as it was not taken back.
// Params:  $keys list record keys
// Returns: id string the judgement
//          change string the change it belongs to
//          kind string merge or apart
//          left list record keys
//          right list record keys
//          at string when it was made
//          by string by whom
// Try:     :param keys => ["registry/1"]
UNWIND $keys AS key
MATCH (:Record {key: key, version: 1})<-[:LEFT|RIGHT]-(j:Judgement) WHERE j.status = "active"
WITH DISTINCT j
RETURN j.id AS id, j.change AS change, j.kind AS kind, COLLECT { MATCH (j)-[:LEFT]->(r:Record) RETURN r.key ORDER BY r.key } AS left,
       COLLECT { MATCH (j)-[:RIGHT]->(r:Record) RETURN r.key ORDER BY r.key } AS right, j.at AS at, j.by AS by
ORDER BY at, id;
