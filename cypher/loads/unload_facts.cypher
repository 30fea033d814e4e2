// Close some of a load's facts
//
// Purpose: repeated until none is left; what had ended already keeps its end and is marked, too.
// Params:  $load string the load
// Returns: closed integer how many
// Try:     :param load => "load_1"
MATCH (l:Load {id: $load})
MATCH ()-[f]->() WHERE f.load = $load AND coalesce(f.closed_because, "") <> "unload"
WITH l, f, f.superseded_at IS NULL AS open LIMIT 20000
SET f.superseded_at = CASE WHEN open THEN l.unloaded_at ELSE f.superseded_at END,
    f.closed_by = CASE WHEN open THEN $load + "/unload" ELSE f.closed_by END,
    f.closed_because = "unload"
RETURN count(f) AS closed;
