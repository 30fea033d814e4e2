// Note what people decided of records
//
// Purpose: a judgement names the records of either side; it is never deleted, only withdrawn.
// Params:  $rows list maps of id, change, kind, left and right (record keys), by, reason, at
// Returns: none
// Try:     :param rows => [{"id": "j_1", "change": "c_1", "kind": "merge", "left": ["registry/1"], "right": ["registry/2"], "by": "li", "reason": "same", "at": "2026-06-30T00:00:00.000000Z"}]
UNWIND $rows AS row
CREATE (j:Judgement {id: row.id, change: row.change, kind: row.kind, status: "active", by: row.by, reason: row.reason, at: row.at})
WITH j, row
CALL (j, row) {
  UNWIND row.left AS key
  MATCH (r:Record {key: key, version: 1})
  CREATE (j)-[:LEFT]->(r)
}
CALL (j, row) {
  UNWIND row.right AS key
  MATCH (r:Record {key: key, version: 1})
  CREATE (j)-[:RIGHT]->(r)
};
