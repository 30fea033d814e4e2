// Controlling points of a policy as last written, a list a column
//
// Purpose: a run writes only what differs from this.
// Params:  $policy string the policy's slug
// Returns: group_id list its group id
//          controller_id list its controller id
//          party_id list its party id
// Try:     :param policy => "cbrc-2010"
MATCH (:Party)-[c:CONTROLS]->(:Party) WHERE c.policy = $policy
WITH collect(c) AS found
UNWIND range(0, size(found) - 1, 5000) AS low
WITH found[low..low + 5000] AS part
RETURN [x IN part | x.group_id] AS group_id,
       [x IN part | x.controller_id] AS controller_id,
       [x IN part | x.party_id] AS party_id;
