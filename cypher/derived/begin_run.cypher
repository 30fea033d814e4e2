// Note that a run is being written for a policy
//
// Purpose: while it is, the derived layer is between two states and says so.
// Params:  $run string the run
//          $policy string the policy's slug
//          $as_of string the day
// Returns: none
// Try:     :param run => "run_1"
//          :param policy => "cbrc-2010"
//          :param as_of => "2026-06-30"
MERGE (r:Run {id: $run})
SET r.policy = $policy, r.as_of = $as_of, r.status = "writing", r.started_at = toString(datetime());
