// Write parties
//
// Purpose: a party stands for one real thing and shows what its first record says.
// Params:  $rows list maps of id, key (its earliest record key), first_load, person (yes or no), properties
// Returns: none
// Try:     :param rows => [{"id": "p_1", "key": "registry/1", "first_load": "load_1", "person": true, "properties": {}}]
UNWIND $rows AS row
MERGE (p:Party {id: row.id})
ON CREATE SET p.key = row.key, p.first_load = row.first_load, p += row.properties
FOREACH (_ IN CASE WHEN row.person THEN [1] ELSE [] END | SET p:Person REMOVE p:Company)
FOREACH (_ IN CASE WHEN row.person THEN [] ELSE [1] END | SET p:Company REMOVE p:Person);
