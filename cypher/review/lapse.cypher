// Questions that no longer arise
//
// Purpose: their records are one party by now, are kept apart, or are no longer alike; they stay on record.
// Params:  $ids list questions
//          $at string the moment
// Returns: none
// Try:     :param ids => ["q_1"]
//          :param at => "2026-06-30T00:00:00.000000Z"
UNWIND $ids AS id
MATCH (q:Question {id: id}) WHERE q.status IN ["open", "waiting"]
SET q.status = "lapsed", q.closed_at = $at;
