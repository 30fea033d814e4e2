// Remove controlling points' arrows that are no more
//
// Purpose: what a run no longer finds.
// Params:  $rows list maps of group_id, controller_id, party_id
// Returns: none
// Try:     :param rows => [{"group_id": "g_1", "controller_id": "p_1", "party_id": "p_2"}]
UNWIND $rows AS row
MATCH (:Party)-[c:CONTROLS]->(:Party)
WHERE c.group_id = row.group_id AND c.controller_id = row.controller_id AND c.party_id = row.party_id
DELETE c;
