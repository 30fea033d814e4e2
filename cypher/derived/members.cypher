// Memberships of a policy as last written, a list a column
//
// Purpose: a run writes only what differs from this.
// Params:  $policy string the policy's slug
// Returns: group_id list its group id
//          party_id list its party id
//          client list its client
//          basis list its basis
//          flags list its flags
//          coverage list its coverage
//          evidence list its evidence
// Try:     :param policy => "cbrc-2010"
MATCH (:Party)-[m:MEMBER_OF]->(:Group {policy: $policy})
WITH collect(m) AS found
UNWIND range(0, size(found) - 1, 5000) AS low
WITH found[low..low + 5000] AS part
RETURN [x IN part | x.group_id] AS group_id,
       [x IN part | x.party_id] AS party_id,
       [x IN part | x.client] AS client,
       [x IN part | x.basis] AS basis,
       [x IN part | x.flags] AS flags,
       [x IN part | x.coverage] AS coverage,
       [x IN part | x.evidence] AS evidence;
