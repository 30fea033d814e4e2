// Write parties
//
// Purpose: a party stands for one real thing; what it shows comes from its records afterwards.
// Params:  $rows list maps of id, key (its earliest record key) and first_load
// Returns: none
// Try:     :param rows => [{"id": "p_0000000000000001", "key": "registry/1", "first_load": "load_1"}]
UNWIND $rows AS row
MERGE (p:Party {id: row.id})
ON CREATE SET p.key = row.key, p.first_load = row.first_load;
