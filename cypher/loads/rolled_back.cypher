// A load that was broken off is undone
//
// Purpose: it stays listed; nothing of it is left.
// Params:  $load string the load
//          $at string the moment
// Returns: id string the load
// Try:     :param load => "load_1"
//          :param at => "2026-06-30T00:00:00.000000Z"
MATCH (l:Load {id: $load}) WHERE l.status = "writing"
SET l.status = "rolled_back", l.finished_at = $at
REMOVE l.beat_at, l.owner
RETURN l.id AS id;
