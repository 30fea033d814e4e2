// Open again some records and other nodes that a broken-off load had closed
//
// Purpose: repeated until none is left.
// Params:  $load string the load
// Returns: opened integer how many
// Try:     :param load => "load_1"
MATCH (n:Record|Credit|Branch|BankCapital|Limit|Decision) WHERE n.closed_by = $load
WITH n LIMIT 20000
SET n.superseded_at = n.undo_superseded_at,
    n.closed_because = CASE WHEN n.undo_superseded_at IS NULL THEN null ELSE "version" END
REMOVE n.closed_by, n.undo_superseded_at
RETURN count(n) AS opened;
