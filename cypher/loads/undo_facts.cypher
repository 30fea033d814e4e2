// Delete some facts of a load that was broken off
//
// Purpose: repeated until none is left; no answer ever contained them.
// Params:  $load string the load
// Returns: deleted integer how many
// Try:     :param load => "load_1"
MATCH ()-[f]->() WHERE f.load = $load
WITH f LIMIT 20000
DELETE f
RETURN count(f) AS deleted;
