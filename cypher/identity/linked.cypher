// Which records were linked automatically, a list a column
//
// Purpose: linking again writes only what has become different.
// Params:  none
// Returns: key list record keys
//          linked list the smallest key of the records each was linked with
// Try:     none
MATCH (r:Record) WHERE r.linked IS NOT NULL
WITH collect(r) AS records
UNWIND range(0, size(records) - 1, 5000) AS low
WITH records[low..low + 5000] AS part
RETURN [r IN part | r.key] AS key, [r IN part | r.linked] AS linked;
