// Loads, the newest first
//
// Purpose: what was loaded when, from where, and what it changed.
// Params:  none
// Returns: id string the load
//          name string what was loaded
//          source string whose facts
//          status string writing, complete, unloading, unloaded or rolled_back
//          started_at string when
//          finished_at string when it was complete
//          counts string what changed, as JSON
// Try:     none
MATCH (l:Load)
RETURN l.id AS id, l.name AS name, l.source AS source, l.status AS status, l.started_at AS started_at,
       l.finished_at AS finished_at, l.counts AS counts
ORDER BY started_at DESC, id;
