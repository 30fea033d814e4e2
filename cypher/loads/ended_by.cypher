// Facts and records of which a load ended a version, some thousands a row
//
// Purpose: withdrawing the load lets them go on.
// Params:  $load string the load
// Returns: label string relationship type or node label
//          ids list fact ids, or record keys
// Try:     :param load => "load_1"
CALL () {
  MATCH ()-[f]->() WHERE f.closed_by = $load AND f.fact_id IS NOT NULL
  RETURN DISTINCT type(f) AS label, f.fact_id AS id
  UNION
  MATCH (n:Record|Credit|Branch|BankCapital|Limit|Decision) WHERE n.closed_by = $load
  RETURN DISTINCT labels(n)[0] AS label, coalesce(n.fact_id, n.key) AS id
}
WITH label, collect(id) AS ids
UNWIND range(0, size(ids) - 1, 5000) AS low
RETURN label, ids[low..low + 5000] AS ids;
