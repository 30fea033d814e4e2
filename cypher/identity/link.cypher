// Write which records were linked automatically
//
// Purpose: the smallest key of the records linked with one; none takes the mark away.
// Params:  $rows list maps of key and linked
// Returns: none
// Try:     :param rows => [{"key": "registry/1", "linked": "registry/1"}]
UNWIND $rows AS row
MATCH (r:Record {key: row.key, version: 1})
SET r.linked = row.linked;
