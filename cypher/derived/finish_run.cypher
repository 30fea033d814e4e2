// Note that a run is written
//
// Purpose: which facts, policy and day the derived layer stands for; older runs of the policy are forgotten.
// Params:  $run string the run
//          $store_version integer the store's version it was computed from
// Returns: none
// Try:     :param run => "run_1"
//          :param store_version => 1
MATCH (r:Run {id: $run})
SET r.status = "complete", r.finished_at = toString(datetime()), r.store_version = $store_version
WITH r
MATCH (older:Run) WHERE older.policy = r.policy AND older.id <> r.id
DELETE older;
