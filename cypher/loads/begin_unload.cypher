// Begin to withdraw a completed load
//
// Purpose: its open facts and records are closed, never deleted.
// Params:  $load string the load
//          $owner string the process that does it
//          $at string the moment from which its facts no longer count
// Returns: id string the load
// Try:     :param load => "load_1"
//          :param owner => "host:1:1"
//          :param at => "2026-06-30T00:00:00.000000Z"
MATCH (s:Store {name: "guanlian"})
SET s.asked_at = $at
WITH s
MATCH (l:Load {id: $load}) WHERE l.status = "complete"
  AND NOT EXISTS { MATCH (o:Load) WHERE o.status IN ["writing", "unloading"] }
SET l.status = "unloading", l.unloaded_at = $at, l.owner = $owner, l.beat_at = datetime()
RETURN l.id AS id;
