// Close some of a load's open records and other nodes
//
// Purpose: repeated until it closes none.
// Params:  $load string the load
// Returns: closed integer how many
// Try:     :param load => "load_1"
MATCH (l:Load {id: $load})
MATCH (n:Record|Credit|Branch|BankCapital|Limit|Decision) WHERE n.load = $load AND n.superseded_at IS NULL
WITH l, n LIMIT 20000
SET n.superseded_at = l.unloaded_at, n.closed_because = "unload", n.closed_by = $load + "/unload"
RETURN count(n) AS closed;
