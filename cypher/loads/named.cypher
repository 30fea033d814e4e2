// Which facts say that they replace some others, and from when that is known, a list a column
//
// Purpose: withdrawing a load does not bring back what another fact replaces.
// Params:  $label string relationship type or node label of the facts
//          $ids list fact ids that may be replaced
// Returns: id list the replaced fact
//          known_from list from when the other is known
//          load list the load of the other
// Try:     :param label => "HOLDS"
//          :param ids => ["holding_1"]
CALL () {
  MATCH ()-[f]->() WHERE type(f) = $label AND f.supersedes IN $ids
  RETURN f.supersedes AS id, f.known_from AS known_from, f.load AS load
  UNION ALL
  MATCH (n:Credit|Branch|BankCapital|Limit|Decision) WHERE $label IN labels(n) AND n.supersedes IN $ids
  RETURN n.supersedes AS id, n.known_from AS known_from, n.load AS load
}
RETURN collect(id) AS id, collect(known_from) AS known_from, collect(load) AS load;
