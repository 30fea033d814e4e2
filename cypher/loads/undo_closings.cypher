// Open again some facts that a broken-off load had closed
//
// Purpose: repeated until none is left.
// Params:  $load string the load
// Returns: opened integer how many
// Try:     :param load => "load_1"
MATCH ()-[f]->() WHERE f.closed_by = $load
WITH f LIMIT 20000
SET f.superseded_at = f.undo_superseded_at,
    f.closed_because = CASE WHEN f.undo_superseded_at IS NULL THEN null ELSE "version" END
REMOVE f.closed_by, f.undo_superseded_at
RETURN count(f) AS opened;
