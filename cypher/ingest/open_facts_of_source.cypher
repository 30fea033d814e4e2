// Facts that a source states and has not withdrawn, a list a column
//
// Purpose: replacing a source closes those that its new package no longer has.
// Params:  $label string relationship type or node label of the facts
//          $source string the source
// Returns: id list the fact
//          version list its open version
// Try:     :param label => "HOLDS"
//          :param source => "registry"
WITH $source AS source
CALL (source) {
  WITH source WHERE $label = "HOLDS"
  MATCH ()-[f:HOLDS]->() WHERE f.source = source AND f.superseded_at IS NULL
  RETURN f
  UNION ALL
  WITH source WHERE $label = "OFFICER_OF"
  MATCH ()-[f:OFFICER_OF]->() WHERE f.source = source AND f.superseded_at IS NULL
  RETURN f
  UNION ALL
  WITH source WHERE $label = "PARENT_OF"
  MATCH ()-[f:PARENT_OF]->() WHERE f.source = source AND f.superseded_at IS NULL
  RETURN f
  UNION ALL
  WITH source WHERE $label = "SPOUSE_OF"
  MATCH ()-[f:SPOUSE_OF]->() WHERE f.source = source AND f.superseded_at IS NULL
  RETURN f
  UNION ALL
  WITH source WHERE $label = "AGREES_WITH"
  MATCH ()-[f:AGREES_WITH]->() WHERE f.source = source AND f.superseded_at IS NULL
  RETURN f
  UNION ALL
  WITH source WHERE $label = "HAS_POWER_OVER"
  MATCH ()-[f:HAS_POWER_OVER]->() WHERE f.source = source AND f.superseded_at IS NULL
  RETURN f
  UNION ALL
  WITH source WHERE $label = "GUARANTEES"
  MATCH ()-[f:GUARANTEES]->() WHERE f.source = source AND f.superseded_at IS NULL
  RETURN f
  UNION ALL
  WITH source WHERE $label = "PAYS"
  MATCH ()-[f:PAYS]->() WHERE f.source = source AND f.superseded_at IS NULL
  RETURN f
  UNION ALL
  WITH source WHERE $label = "TRADES_WITH"
  MATCH ()-[f:TRADES_WITH]->() WHERE f.source = source AND f.superseded_at IS NULL
  RETURN f
  UNION ALL
  WITH source WHERE $label = "Credit"
  MATCH (f:Credit) WHERE f.source = source AND f.superseded_at IS NULL
  RETURN f
  UNION ALL
  WITH source WHERE $label = "Branch"
  MATCH (f:Branch) WHERE f.source = source AND f.superseded_at IS NULL
  RETURN f
  UNION ALL
  WITH source WHERE $label = "BankCapital"
  MATCH (f:BankCapital) WHERE f.source = source AND f.superseded_at IS NULL
  RETURN f
  UNION ALL
  WITH source WHERE $label = "Limit"
  MATCH (f:Limit) WHERE f.source = source AND f.superseded_at IS NULL
  RETURN f
  UNION ALL
  WITH source WHERE $label = "Decision"
  MATCH (f:Decision) WHERE f.source = source AND f.superseded_at IS NULL
  RETURN f
}
WITH collect(f) AS facts
UNWIND range(0, size(facts) - 1, 5000) AS low
WITH facts[low..low + 5000] AS part
RETURN [f IN part | f.fact_id] AS id, [f IN part | f.version] AS version;
