// Contact points that records brought
//
// Purpose: what has to be drawn again when it changes which party a record is OF.
// Params:  $keys list record keys
// Returns: point string phone, email or address
//          id string the contact point
//          text string what it says
//          fact map all properties of the tie
// Try:     :param keys => ["registry/1"]
UNWIND $keys AS key
MATCH (:Record {key: key, version: 1})-[:OF]->(p:Party)
WITH DISTINCT p
MATCH (p)-[u:USES]->(c) WHERE u.from_record IN $keys
RETURN toLower(head(labels(c))) AS point, c.id AS id, c.text AS text, properties(u) AS fact;
