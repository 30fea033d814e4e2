// Complete a load: from here on its facts count
//
// Purpose: the status and the store's version move in one transaction, so a load is seen whole or not at all.
// Params:  $load string the load
//          $at string the moment
//          $counts string what changed, as JSON
// Returns: version integer the store's new version
// Try:     :param load => "load_1"
//          :param at => "2026-06-30T00:00:00.000000Z"
//          :param counts => "{}"
MATCH (s:Store {name: "guanlian"})
MATCH (l:Load {id: $load}) WHERE l.status = "writing"
SET l.status = "complete", l.finished_at = $at, l.counts = $counts, s.version = s.version + 1
REMOVE l.beat_at, l.owner
RETURN s.version AS version;
