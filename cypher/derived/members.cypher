// Memberships of some groups as last written, a list a column
//
// Purpose: a run writes only what differs from this.
// Params:  $groups list group ids
// Returns: group_id list its group id
//          party_id list its party id
//          client list its client
//          basis list its basis
//          flags list its flags
//          coverage list its coverage
//          evidence list its evidence
// Try:     :param groups => ["g_1"]
UNWIND $groups AS id
MATCH (:Party)-[m:MEMBER_OF]->(:Group {id: id})
WITH collect(m) AS found
UNWIND range(0, size(found) - 1, 5000) AS low
WITH [m IN found[low..low + 5000] | properties(m)] AS part
RETURN [x IN part | x.group_id] AS group_id,
       [x IN part | x.party_id] AS party_id,
       [x IN part | x.client] AS client,
       [x IN part | x.basis] AS basis,
       [x IN part | x.flags] AS flags,
       [x IN part | x.coverage] AS coverage,
       [x IN part | x.evidence] AS evidence;
