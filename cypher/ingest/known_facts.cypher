// Versions the store has of some facts, a list a column
//
// Purpose: a load compares what comes with this, so that only differences are written.
// Params:  $label string relationship type or node label of the facts
//          $ids list fact ids
// Returns: id list the fact
//          version list its version
//          valid_to list its valid to
//          recorded_at list its recorded at, as stated
//          confidence_millionths list its confidence
//          supersedes list the fact it replaced
//          known_from list from when it is known
//          superseded_at list until when
//          closed_because list why it ended
//          closed_by list the load that ended it
//          load list the load that brought it
//          source list its source
// Try:     :param label => "HOLDS"
//          :param ids => ["holding_1"]
UNWIND $ids AS id
CALL (id) {
  WITH id WHERE $label = "HOLDS"
  MATCH ()-[f:HOLDS]->() WHERE f.fact_id = id AND f.version >= 1
  RETURN f
  UNION ALL
  WITH id WHERE $label = "OFFICER_OF"
  MATCH ()-[f:OFFICER_OF]->() WHERE f.fact_id = id AND f.version >= 1
  RETURN f
  UNION ALL
  WITH id WHERE $label = "PARENT_OF"
  MATCH ()-[f:PARENT_OF]->() WHERE f.fact_id = id AND f.version >= 1
  RETURN f
  UNION ALL
  WITH id WHERE $label = "SPOUSE_OF"
  MATCH ()-[f:SPOUSE_OF]->() WHERE f.fact_id = id AND f.version >= 1
  RETURN f
  UNION ALL
  WITH id WHERE $label = "AGREES_WITH"
  MATCH ()-[f:AGREES_WITH]->() WHERE f.fact_id = id AND f.version >= 1
  RETURN f
  UNION ALL
  WITH id WHERE $label = "HAS_POWER_OVER"
  MATCH ()-[f:HAS_POWER_OVER]->() WHERE f.fact_id = id AND f.version >= 1
  RETURN f
  UNION ALL
  WITH id WHERE $label = "GUARANTEES"
  MATCH ()-[f:GUARANTEES]->() WHERE f.fact_id = id AND f.version >= 1
  RETURN f
  UNION ALL
  WITH id WHERE $label = "PAYS"
  MATCH ()-[f:PAYS]->() WHERE f.fact_id = id AND f.version >= 1
  RETURN f
  UNION ALL
  WITH id WHERE $label = "TRADES_WITH"
  MATCH ()-[f:TRADES_WITH]->() WHERE f.fact_id = id AND f.version >= 1
  RETURN f
  UNION ALL
  WITH id WHERE $label = "Credit"
  MATCH (f:Credit) WHERE f.fact_id = id AND f.version >= 1
  RETURN f
  UNION ALL
  WITH id WHERE $label = "Branch"
  MATCH (f:Branch) WHERE f.fact_id = id AND f.version >= 1
  RETURN f
  UNION ALL
  WITH id WHERE $label = "BankCapital"
  MATCH (f:BankCapital) WHERE f.fact_id = id AND f.version >= 1
  RETURN f
  UNION ALL
  WITH id WHERE $label = "Limit"
  MATCH (f:Limit) WHERE f.fact_id = id AND f.version >= 1
  RETURN f
  UNION ALL
  WITH id WHERE $label = "Decision"
  MATCH (f:Decision) WHERE f.fact_id = id AND f.version >= 1
  RETURN f
}
WITH collect(f) AS part
RETURN [f IN part | f.fact_id] AS id,
       [f IN part | f.version] AS version,
       [f IN part | f.valid_to] AS valid_to,
       [f IN part | f.recorded_at] AS recorded_at,
       [f IN part | f.confidence_millionths] AS confidence_millionths,
       [f IN part | f.supersedes] AS supersedes,
       [f IN part | f.known_from] AS known_from,
       [f IN part | f.superseded_at] AS superseded_at,
       [f IN part | f.closed_because] AS closed_because,
       [f IN part | f.closed_by] AS closed_by,
       [f IN part | f.load] AS load,
       [f IN part | f.source] AS source;
