// Write groups
//
// Purpose: only those that differ from the last run.
// Params:  $rows list maps of id, outcome, controller_kind, controllers
//          $policy string the policy's slug
//          $as_of string the day
//          $run string the run
// Returns: none
// Try:     :param rows => [{"id": "g_1", "outcome": "GROUP", "controller_kind": "company", "controllers": ["p_1"]}]
//          :param policy => "cbrc-2010"
//          :param as_of => "2026-06-30"
//          :param run => "run_1"
UNWIND $rows AS row
MERGE (g:Group {id: row.id})
SET g.outcome = row.outcome, g.controller_kind = row.controller_kind, g.controllers = row.controllers,
    g.policy = $policy, g.as_of = $as_of, g.run = $run;
