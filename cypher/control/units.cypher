// Everybody who may control something, a list a row
//
// Purpose: who starts the rounds of control: holders on that day, and those for whom a nominee holds.
// Params:  $as_of string the day, like 2026-06-30
// Returns: ids list some thousands of party ids
// Try:     :param as_of => "2026-06-30"
CALL () {
  MATCH (p:Party)-[f:HOLDS]->(:Party)
  WHERE f.superseded_at IS NULL AND coalesce(f.valid_from, "0001-01-01") <= $as_of
    AND coalesce(f.valid_to, "9999-12-31") > $as_of
  RETURN p.id AS id
  UNION
  MATCH (:Party)-[f:HOLDS]->(:Party)
  WHERE f.nominee_for_record > ""
    AND f.superseded_at IS NULL AND coalesce(f.valid_from, "0001-01-01") <= $as_of
    AND coalesce(f.valid_to, "9999-12-31") > $as_of
  MATCH (:Record {key: f.nominee_for_record, version: 1})-[:OF]->(p:Party)
  RETURN p.id AS id
}
WITH collect(DISTINCT id) AS ids
UNWIND range(0, size(ids) - 1, 5000) AS low
RETURN ids[low..low + 5000] AS ids;
