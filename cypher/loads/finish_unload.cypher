// A load is withdrawn
//
// Purpose: the status and the store's version move in one transaction.
// Params:  $load string the load
// Returns: version integer the store's new version
// Try:     :param load => "load_1"
MATCH (s:Store {name: "guanlian"})
MATCH (l:Load {id: $load}) WHERE l.status = "unloading"
SET l.status = "unloaded", s.version = s.version + 1
REMOVE l.beat_at, l.owner
RETURN s.version AS version;
