// Versions the store has of some records, a list a column
//
// Purpose: a load compares what comes with this, so that only differences are written.
// Params:  $ids list record keys
// Returns: id list the record key
//          version list its version
//          party list the party it belongs to
//          content list a hash over what it says
//          stub list whether it only stands in for a row that was never seen
//          known_from list from when it is known
//          superseded_at list until when
//          closed_because list why it ended
//          closed_by list the load that ended it
//          load list the load that brought it
//          source list its source
// Try:     :param ids => ["registry/1"]
UNWIND $ids AS id
MATCH (r:Record)-[:OF]->(p:Party) WHERE r.key = id AND r.version >= 1
WITH collect([r, p.id]) AS part
RETURN [pair IN part | pair[0].key] AS id,
       [pair IN part | pair[0].version] AS version,
       [pair IN part | pair[1]] AS party,
       [pair IN part | pair[0].content] AS content,
       [pair IN part | pair[0].stub] AS stub,
       [pair IN part | pair[0].known_from] AS known_from,
       [pair IN part | pair[0].superseded_at] AS superseded_at,
       [pair IN part | pair[0].closed_because] AS closed_because,
       [pair IN part | pair[0].closed_by] AS closed_by,
       [pair IN part | pair[0].load] AS load,
       [pair IN part | pair[0].source] AS source;
