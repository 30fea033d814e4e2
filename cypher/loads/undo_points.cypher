// Delete some parties and contact points that only a broken-off load brought
//
// Purpose: repeated until none is left.
// Params:  $load string the load
// Returns: deleted integer how many
// Try:     :param load => "load_1"
MATCH (n:Party|Phone|Email|Address) WHERE n.first_load = $load AND NOT EXISTS { (n)<-[:OF|USES]-() }
WITH n LIMIT 20000
DETACH DELETE n
RETURN count(n) AS deleted;
