// Controlling points of some groups as last written, a list a column
//
// Purpose: a run writes only what differs from this.
// Params:  $groups list group ids
// Returns: group_id list its group id
//          controller_id list its controller id
//          party_id list its party id
// Try:     :param groups => ["g_1"]
UNWIND $groups AS id
MATCH ()-[c:CONTROLS]->()
WHERE c.group_id = id AND c.controller_id > "" AND c.party_id IS NOT NULL
WITH collect(c) AS found
UNWIND range(0, size(found) - 1, 5000) AS low
WITH found[low..low + 5000] AS part
RETURN [x IN part | x.group_id] AS group_id,
       [x IN part | x.controller_id] AS controller_id,
       [x IN part | x.party_id] AS party_id;
