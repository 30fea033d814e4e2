// Facts of one kind that records state
//
// Purpose: what has to be drawn again when it changes which party a record is OF.
// Params:  $label string relationship type or node label of the facts
//          $keys list record keys
// Returns: fact map all properties of the fact
// Try:     :param label => "HOLDS"
//          :param keys => ["registry/1"]
UNWIND $keys AS key
MATCH (:Record {key: key, version: 1})-[:OF]->(p:Party)
WITH DISTINCT p
CALL (p) {
  WITH p WHERE $label = "HOLDS"
  MATCH (p)-[f:HOLDS]-() WHERE f.from_record IN $keys OR f.to_record IN $keys
  RETURN f
  UNION ALL
  WITH p WHERE $label = "OFFICER_OF"
  MATCH (p)-[f:OFFICER_OF]-() WHERE f.from_record IN $keys OR f.to_record IN $keys
  RETURN f
  UNION ALL
  WITH p WHERE $label = "PARENT_OF"
  MATCH (p)-[f:PARENT_OF]-() WHERE f.from_record IN $keys OR f.to_record IN $keys
  RETURN f
  UNION ALL
  WITH p WHERE $label = "SPOUSE_OF"
  MATCH (p)-[f:SPOUSE_OF]-() WHERE f.from_record IN $keys OR f.to_record IN $keys
  RETURN f
  UNION ALL
  WITH p WHERE $label = "AGREES_WITH"
  MATCH (p)-[f:AGREES_WITH]-() WHERE f.from_record IN $keys OR f.to_record IN $keys
  RETURN f
  UNION ALL
  WITH p WHERE $label = "HAS_POWER_OVER"
  MATCH (p)-[f:HAS_POWER_OVER]-() WHERE f.from_record IN $keys OR f.to_record IN $keys
  RETURN f
  UNION ALL
  WITH p WHERE $label = "GUARANTEES"
  MATCH (p)-[f:GUARANTEES]-() WHERE f.from_record IN $keys OR f.to_record IN $keys
  RETURN f
  UNION ALL
  WITH p WHERE $label = "PAYS"
  MATCH (p)-[f:PAYS]-() WHERE f.from_record IN $keys OR f.to_record IN $keys
  RETURN f
  UNION ALL
  WITH p WHERE $label = "TRADES_WITH"
  MATCH (p)-[f:TRADES_WITH]-() WHERE f.from_record IN $keys OR f.to_record IN $keys
  RETURN f
  UNION ALL
  WITH p WHERE $label = "Credit"
  MATCH (p)<-[:GRANTED_TO]-(f:Credit) WHERE f.to_record IN $keys
  RETURN f
  UNION ALL
  WITH p WHERE $label = "Limit"
  MATCH (p)<-[:SET_FOR]-(f:Limit) WHERE f.to_record IN $keys
  RETURN f
}
WITH DISTINCT f
RETURN properties(f) AS fact;
