// Parties whose records a load added or closed
//
// Purpose: what they show is drawn anew when the load is undone or withdrawn.
// Params:  $load string the load
// Returns: ids list the parties, some thousands a row
// Try:     :param load => "load_1"
MATCH (r:Record)-[:OF]->(p:Party) WHERE r.closed_by IN [$load, $load + "/unload"] OR r.load = $load
WITH DISTINCT p.id AS id
WITH collect(id) AS ids
UNWIND range(0, size(ids) - 1, 5000) AS low
RETURN ids[low..low + 5000] AS ids;
