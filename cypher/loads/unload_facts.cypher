// Close some of a load's open facts
//
// Purpose: repeated until it closes none.
// Params:  $load string the load
// Returns: closed integer how many
// Try:     :param load => "load_1"
MATCH (l:Load {id: $load})
MATCH ()-[f]->() WHERE f.load = $load AND f.superseded_at IS NULL
WITH l, f LIMIT 20000
SET f.superseded_at = l.unloaded_at, f.closed_because = "unload", f.closed_by = $load + "/unload"
RETURN count(f) AS closed;
