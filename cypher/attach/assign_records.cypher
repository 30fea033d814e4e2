// Say which party records are OF
//
// Purpose: all versions of a record belong to one party; a party that is not there yet is made.
// Params:  $rows list maps of key (the record) and party
// Returns: none
// Try:     :param rows => [{"key": "registry/1", "party": "p_0000000000000001"}]
UNWIND $rows AS row
MATCH (r:Record)-[old:OF]->(:Party) WHERE r.key = row.key AND r.version >= 1
MERGE (p:Party {id: row.party})
ON CREATE SET p.key = row.key
DELETE old
CREATE (r)-[:OF]->(p);
