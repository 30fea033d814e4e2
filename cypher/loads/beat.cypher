// The sign of life of a load, without which it may not write
//
// Purpose: a load that was given up meanwhile gets no row and stops.
// Params:  $load string the load
// Returns: id string the load
// Try:     :param load => "load_1"
MATCH (l:Load {id: $load}) WHERE l.status IN ["writing", "unloading"]
SET l.beat_at = datetime()
RETURN l.id AS id;
