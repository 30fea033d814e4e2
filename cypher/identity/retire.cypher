// Make parties without records aliases
//
// Purpose: an id is never used for something else; it, and the identifiers it was found by, lead to the party
//          that has its record now.
// Params:  $ids list parties that records were taken from
// Returns: none
// Try:     :param ids => ["p_0000000000000001"]
UNWIND $ids AS id
MATCH (p:Party {id: id}) WHERE NOT EXISTS { (p)<-[:OF]-(:Record) }
OPTIONAL MATCH (p)-[d:MEMBER_OF|CONTROLS]-()
DELETE d
WITH DISTINCT p, p {.id, .key, .first_load, .client_no, .uscc, .lei} AS kept
SET p = kept, p:Alias
REMOVE p:Party:Company:Person;
