// Close some of a load's records and other nodes
//
// Purpose: repeated until none is left; what had ended already keeps its end and is marked, too.
// Params:  $load string the load
// Returns: closed integer how many
// Try:     :param load => "load_1"
MATCH (l:Load {id: $load})
MATCH (n:Record|Credit|Branch|BankCapital|Limit|Decision) WHERE n.load = $load AND coalesce(n.closed_because, "") <> "unload"
WITH l, n, n.superseded_at IS NULL AS open LIMIT 20000
SET n.superseded_at = CASE WHEN open THEN l.unloaded_at ELSE n.superseded_at END,
    n.closed_by = CASE WHEN open THEN $load + "/unload" ELSE n.closed_by END,
    n.closed_because = "unload"
RETURN count(n) AS closed;
