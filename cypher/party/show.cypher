// A party with the records it stands for
//
// Purpose: what is known of it and from whom, all versions.
// Params:  $party string the party's id
// Returns: party map what the party shows
//          records list its records, every version
// Try:     :param party => "p_0000000000000001"
MATCH (p:Party {id: $party})<-[:OF]-(r:Record)
WITH p, r ORDER BY r.key, r.version
RETURN properties(p) AS party, collect(properties(r)) AS records;
