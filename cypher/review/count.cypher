// How many questions there are
//
// Purpose: beside each page of the queue.
// Params:  $statuses list which: open, waiting, done, lapsed
// Returns: total integer how many
// Try:     :param statuses => ["open", "waiting"]
MATCH (q:Question) WHERE q.status IN $statuses
RETURN count(q) AS total;
