// The store's version and the loads that are being written
//
// Purpose: whoever keeps the graph in memory reads again when the version has moved.
// Params:  none
// Returns: version integer moves with each completed load or unload
//          loading list ids of unfinished loads
// Try:     none
OPTIONAL MATCH (s:Store {name: "guanlian"})
OPTIONAL MATCH (l:Load) WHERE l.status IN ["writing", "unloading"]
RETURN coalesce(s.version, 0) AS version, collect(l.id) AS loading;
