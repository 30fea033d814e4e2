// Lead aliases to the parties that have their records
//
// Purpose: an old id goes on being understood; run after records have moved.
// Params:  $rows list maps of alias and party
// Returns: none
// Try:     :param rows => [{"alias": "p_0000000000000001", "party": "p_0000000000000002"}]
UNWIND $rows AS row
MATCH (a:Alias {id: row.alias})
MATCH (p:Party {id: row.party})
OPTIONAL MATCH (a)-[old:MERGED_INTO]->()
DELETE old
WITH DISTINCT a, p
CREATE (a)-[:MERGED_INTO]->(p);
