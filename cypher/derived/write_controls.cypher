// Draw from each controlling point to each member of its group
//
// Purpose: only those that differ from the last run; pairs below the controlling point are not drawn.
// Params:  $rows list maps of group_id, controller_id, party_id
//          $policy string the policy's slug
//          $as_of string the day
//          $run string the run
// Returns: none
// Try:     :param rows => [{"group_id": "g_1", "controller_id": "p_1", "party_id": "p_2"}]
//          :param policy => "cbrc-2010"
//          :param as_of => "2026-06-30"
//          :param run => "run_1"
UNWIND $rows AS row
MATCH (controller:Party {id: row.controller_id})
MATCH (member:Party {id: row.party_id})
MERGE (controller)-[c:CONTROLS {group_id: row.group_id, controller_id: row.controller_id, party_id: row.party_id}]->(member)
SET c.policy = $policy, c.as_of = $as_of, c.run = $run;
