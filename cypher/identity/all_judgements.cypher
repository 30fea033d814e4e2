// Everything people decided of records
//
// Purpose: what linking all records must keep to.
// Params:  none
// Returns: id string the judgement
//          change string the change it belongs to
//          kind string merge or apart
//          left list record keys
//          right list record keys
//          at string when it was made
//          by string by whom
// Try:     none
MATCH (j:Judgement) WHERE j.status = "active"
RETURN j.id AS id, j.change AS change, j.kind AS kind, COLLECT { MATCH (j)-[:LEFT]->(r:Record) RETURN r.key ORDER BY r.key } AS left,
       COLLECT { MATCH (j)-[:RIGHT]->(r:Record) RETURN r.key ORDER BY r.key } AS right, j.at AS at, j.by AS by
ORDER BY at, id;
