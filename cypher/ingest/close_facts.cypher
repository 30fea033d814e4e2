// Close versions of facts
//
// Purpose: a closed version stays, so that any past day can still be asked for.
// Params:  $label string relationship type or node label of the facts
//          $load string the load that closes them
//          $rows list maps of id, version, superseded_at, closed_because, undo_superseded_at
// Returns: none
// Try:     :param label => "HOLDS"
//          :param load => "load_1"
//          :param rows => [{"id": "holding_1", "version": 1, "superseded_at": "2026-06-30T00:00:00.000000Z", "closed_because": "version", "undo_superseded_at": null}]
UNWIND $rows AS row
CALL (row) {
  WITH row WHERE $label = "HOLDS"
  MATCH ()-[f:HOLDS]->() WHERE f.fact_id = row.id AND f.version = row.version
  SET f.superseded_at = row.superseded_at, f.closed_because = row.closed_because, f.closed_by = $load,
      f.undo_superseded_at = row.undo_superseded_at
  RETURN 1 AS done
  UNION ALL
  WITH row WHERE $label = "OFFICER_OF"
  MATCH ()-[f:OFFICER_OF]->() WHERE f.fact_id = row.id AND f.version = row.version
  SET f.superseded_at = row.superseded_at, f.closed_because = row.closed_because, f.closed_by = $load,
      f.undo_superseded_at = row.undo_superseded_at
  RETURN 1 AS done
  UNION ALL
  WITH row WHERE $label = "PARENT_OF"
  MATCH ()-[f:PARENT_OF]->() WHERE f.fact_id = row.id AND f.version = row.version
  SET f.superseded_at = row.superseded_at, f.closed_because = row.closed_because, f.closed_by = $load,
      f.undo_superseded_at = row.undo_superseded_at
  RETURN 1 AS done
  UNION ALL
  WITH row WHERE $label = "SPOUSE_OF"
  MATCH ()-[f:SPOUSE_OF]->() WHERE f.fact_id = row.id AND f.version = row.version
  SET f.superseded_at = row.superseded_at, f.closed_because = row.closed_because, f.closed_by = $load,
      f.undo_superseded_at = row.undo_superseded_at
  RETURN 1 AS done
  UNION ALL
  WITH row WHERE $label = "AGREES_WITH"
  MATCH ()-[f:AGREES_WITH]->() WHERE f.fact_id = row.id AND f.version = row.version
  SET f.superseded_at = row.superseded_at, f.closed_because = row.closed_because, f.closed_by = $load,
      f.undo_superseded_at = row.undo_superseded_at
  RETURN 1 AS done
  UNION ALL
  WITH row WHERE $label = "HAS_POWER_OVER"
  MATCH ()-[f:HAS_POWER_OVER]->() WHERE f.fact_id = row.id AND f.version = row.version
  SET f.superseded_at = row.superseded_at, f.closed_because = row.closed_because, f.closed_by = $load,
      f.undo_superseded_at = row.undo_superseded_at
  RETURN 1 AS done
  UNION ALL
  WITH row WHERE $label = "GUARANTEES"
  MATCH ()-[f:GUARANTEES]->() WHERE f.fact_id = row.id AND f.version = row.version
  SET f.superseded_at = row.superseded_at, f.closed_because = row.closed_because, f.closed_by = $load,
      f.undo_superseded_at = row.undo_superseded_at
  RETURN 1 AS done
  UNION ALL
  WITH row WHERE $label = "PAYS"
  MATCH ()-[f:PAYS]->() WHERE f.fact_id = row.id AND f.version = row.version
  SET f.superseded_at = row.superseded_at, f.closed_because = row.closed_because, f.closed_by = $load,
      f.undo_superseded_at = row.undo_superseded_at
  RETURN 1 AS done
  UNION ALL
  WITH row WHERE $label = "TRADES_WITH"
  MATCH ()-[f:TRADES_WITH]->() WHERE f.fact_id = row.id AND f.version = row.version
  SET f.superseded_at = row.superseded_at, f.closed_because = row.closed_because, f.closed_by = $load,
      f.undo_superseded_at = row.undo_superseded_at
  RETURN 1 AS done
  UNION ALL
  WITH row WHERE $label = "Credit"
  MATCH (f:Credit) WHERE f.fact_id = row.id AND f.version = row.version
  SET f.superseded_at = row.superseded_at, f.closed_because = row.closed_because, f.closed_by = $load,
      f.undo_superseded_at = row.undo_superseded_at
  RETURN 1 AS done
  UNION ALL
  WITH row WHERE $label = "Branch"
  MATCH (f:Branch) WHERE f.fact_id = row.id AND f.version = row.version
  SET f.superseded_at = row.superseded_at, f.closed_because = row.closed_because, f.closed_by = $load,
      f.undo_superseded_at = row.undo_superseded_at
  RETURN 1 AS done
  UNION ALL
  WITH row WHERE $label = "BankCapital"
  MATCH (f:BankCapital) WHERE f.fact_id = row.id AND f.version = row.version
  SET f.superseded_at = row.superseded_at, f.closed_because = row.closed_because, f.closed_by = $load,
      f.undo_superseded_at = row.undo_superseded_at
  RETURN 1 AS done
  UNION ALL
  WITH row WHERE $label = "Limit"
  MATCH (f:Limit) WHERE f.fact_id = row.id AND f.version = row.version
  SET f.superseded_at = row.superseded_at, f.closed_because = row.closed_because, f.closed_by = $load,
      f.undo_superseded_at = row.undo_superseded_at
  RETURN 1 AS done
  UNION ALL
  WITH row WHERE $label = "Decision"
  MATCH (f:Decision) WHERE f.fact_id = row.id AND f.version = row.version
  SET f.superseded_at = row.superseded_at, f.closed_because = row.closed_because, f.closed_by = $load,
      f.undo_superseded_at = row.undo_superseded_at
  RETURN 1 AS done
}
FINISH;
