// A question with all records of the two parties it is about
//
// Purpose: side by side, for a person to decide.
// Params:  $id string the question
// Returns: question map all that is kept of it
//          left list current versions of the records of the left record's party
//          right list the same of the right
//          left_party string the left record's party
//          right_party string the right record's party
// Try:     :param id => "q_1"
MATCH (q:Question {id: $id})
MATCH (:Record {key: q.left, version: 1})-[:OF]->(one:Party)
MATCH (:Record {key: q.right, version: 1})-[:OF]->(other:Party)
RETURN properties(q) AS question,
       COLLECT { MATCH (r:Record)-[:OF]->(one) WHERE r.superseded_at IS NULL RETURN properties(r) ORDER BY r.key } AS left,
       COLLECT { MATCH (r:Record)-[:OF]->(other) WHERE r.superseded_at IS NULL RETURN properties(r) ORDER BY r.key } AS right,
       one.id AS left_party, other.id AS right_party;
