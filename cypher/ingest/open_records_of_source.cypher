// Records of a source that it has not withdrawn, a list a column
//
// Purpose: replacing a source closes those that its new package no longer has.
// Params:  $source string the source
// Returns: id list the record key
//          version list its open version
// Try:     :param source => "registry"
MATCH (r:Record) WHERE r.source = $source AND r.superseded_at IS NULL
WITH collect(r) AS records
UNWIND range(0, size(records) - 1, 5000) AS low
WITH records[low..low + 5000] AS part
RETURN [r IN part | r.key] AS id, [r IN part | r.version] AS version;
