// Write which phones parties use
//
// Purpose: a contact point in common is a lead; the point is one node, however many use it.
// Params:  $rows list maps of from_record, use_id, point, text, first_load and all other properties
// Returns: none
// Try:     :param rows => [{"from_record": "registry/1", "use_id": "use_1", "point": "0000000000000001", "text": "x", "first_load": "load_1", "properties": {"load": "load_1"}}]
UNWIND $rows AS row
MATCH (:Record {key: row.from_record, version: 1})-[:OF]->(p:Party)
MERGE (point:Phone {id: row.point})
ON CREATE SET point.text = row.text, point.first_load = row.first_load
MERGE (p)-[u:USES {use_id: row.use_id}]->(point)
SET u += row.properties, u.from_record = row.from_record;
