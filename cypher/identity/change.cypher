// One change that people made to parties
//
// Purpose: before it is taken back.
// Params:  $change string the change
// Returns: id string a judgement of it
//          kind string merge or apart
//          status string active or withdrawn
//          keys list record keys it names
// Try:     :param change => "c_1"
MATCH (j:Judgement {change: $change})
RETURN j.id AS id, j.kind AS kind, j.status AS status, COLLECT { MATCH (j)-[:LEFT|RIGHT]->(r:Record) RETURN DISTINCT r.key } AS keys
ORDER BY id;
