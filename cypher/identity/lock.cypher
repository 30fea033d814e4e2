// Hold the store for one change of parties
//
// Purpose: no row, and so no change, while a load is being written or when the store has moved since it was read.
// Params:  $version integer the version that was read
//          $at string the moment
// Returns: version integer that version
// Try:     :param version => 1
//          :param at => "2026-06-30T00:00:00.000000Z"
MATCH (s:Store {name: "guanlian"})
SET s.asked_at = $at
WITH s WHERE s.version = $version
  AND NOT EXISTS { MATCH (l:Load) WHERE l.status IN ["writing", "unloading"] }
RETURN s.version AS version;
