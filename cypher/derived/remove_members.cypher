// Remove memberships that are no more
//
// Purpose: what a run no longer finds.
// Params:  $rows list maps of group_id, party_id
// Returns: none
// Try:     :param rows => [{"group_id": "g_1", "party_id": "p_1"}]
UNWIND $rows AS row
MATCH (:Party)-[m:MEMBER_OF]->(:Group) WHERE m.group_id = row.group_id AND m.party_id = row.party_id
DELETE m;
