// The run that the derived layer of a policy stands for
//
// Purpose: whether groups in the store are current and whole.
// Params:  $policy string the policy's slug
// Returns: run string the run
//          as_of string the day
//          status string complete, or writing while it is between two states
//          store_version integer the store's version it was computed from
// Try:     :param policy => "cbrc-2010"
MATCH (r:Run) WHERE r.policy = $policy
RETURN r.id AS run, r.as_of AS as_of, r.status AS status, r.store_version AS store_version
ORDER BY r.started_at DESC
LIMIT 1;
