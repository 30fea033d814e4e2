// Write memberships
//
// Purpose: only those that differ from the last run; the evidence is the step that proves it, as JSON.
// Params:  $rows list maps of group_id, party_id, client, basis, flags, coverage, evidence
//          $policy string the policy's slug
//          $as_of string the day
//          $run string the run
// Returns: none
// Try:     :param rows => [{"group_id": "g_1", "party_id": "p_1", "client": true, "basis": ["B1"], "flags": [], "coverage": "55", "evidence": "{}"}]
//          :param policy => "cbrc-2010"
//          :param as_of => "2026-06-30"
//          :param run => "run_1"
UNWIND $rows AS row
MATCH (p:Party {id: row.party_id})
MATCH (g:Group {id: row.group_id})
MERGE (p)-[m:MEMBER_OF {group_id: row.group_id, party_id: row.party_id}]->(g)
SET m.client = row.client, m.basis = row.basis, m.flags = row.flags, m.coverage = row.coverage,
    m.evidence = row.evidence, m.policy = $policy, m.as_of = $as_of, m.run = $run;
