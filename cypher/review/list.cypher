// Questions whether two records are of one party, a page of them
//
// Purpose: the queue: those that wait for a second person first, then the most alike, then the oldest.
// Params:  $statuses list which: open, waiting, done, lapsed
//          $skip integer how many are passed over
//          $most integer how many at most
// Returns: question map all that is kept of it
//          left map the party of its left record
//          right map the party of its right record
// Try:     :param statuses => ["open", "waiting"]
//          :param skip => 0
//          :param most => 20
MATCH (q:Question) WHERE q.status IN $statuses
WITH q ORDER BY q.status = "waiting" DESC, q.score DESC, q.opened_at, q.id
SKIP $skip LIMIT $most
MATCH (:Record {key: q.left, version: 1})-[:OF]->(one:Party)
MATCH (:Record {key: q.right, version: 1})-[:OF]->(other:Party)
RETURN properties(q) AS question, one {.id, .name} AS left, other {.id, .name} AS right
ORDER BY question.status = "waiting" DESC, question.score DESC, question.opened_at, question.id;
