// Delete some records and other nodes of a load that was broken off
//
// Purpose: repeated until none is left; no answer ever contained them.
// Params:  $load string the load
// Returns: deleted integer how many
// Try:     :param load => "load_1"
MATCH (n:Record|Credit|Branch|BankCapital|Limit|Decision) WHERE n.load = $load
WITH n LIMIT 20000
DETACH DELETE n
RETURN count(n) AS deleted;
