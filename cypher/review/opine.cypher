// Add a person's opinion to a question
//
// Purpose: only while the question is as it was read, so that no opinion is lost or counted twice.
// Params:  $id string the question
//          $seen integer how many opinions there were when it was read
//          $opinion string decision, by, reason and at, as JSON
//          $status string what the question is from now on
//          $at string the moment
// Returns: id string the question
// Try:     :param id => "q_1"
//          :param seen => 0
//          :param opinion => "{}"
//          :param status => "open"
//          :param at => "2026-06-30T00:00:00.000000Z"
MATCH (q:Question {id: $id})
SET q.asked_at = $at
WITH q WHERE q.status IN ["open", "waiting"] AND size(q.opinions) = $seen
SET q.opinions = q.opinions + [$opinion], q.status = $status,
    q.closed_at = CASE WHEN $status = "done" THEN $at END
RETURN q.id AS id;
