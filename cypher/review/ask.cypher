// Write questions whether two records are of one party
//
// Purpose: one question for two parties, by the records that are most alike; asked anew if it had lapsed.
// Params:  $rows list maps of id, left and right (record keys), kind, score in thousandths, why
//          $at string the moment
// Returns: none
// Try:     :param rows => [{"id": "q_1", "left": "registry/1", "right": "registry/2", "kind": "company", "score": 600, "why": "alike"}]
//          :param at => "2026-06-30T00:00:00.000000Z"
UNWIND $rows AS row
MERGE (q:Question {id: row.id})
ON CREATE SET q.status = "lapsed", q.opinions = []
SET q.left = row.left, q.right = row.right, q.kind = row.kind, q.score = row.score, q.why = row.why
WITH q WHERE q.status IN ["lapsed", "done"]
SET q.status = "open", q.opened_at = $at;
