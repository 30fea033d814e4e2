// A group with its members and their evidence
//
// Purpose: what the bank's own policy made of the facts, as last written.
// Params:  $group string the group's id
// Returns: id string the group
//          policy string the policy's slug
//          outcome string GROUP or another outcome
//          controller_kind string company, person, ring or none
//          controllers list ids of the controlling parties
//          as_of string the day for which it was computed
//          run string the run that wrote it
//          members list maps of party, name, client, basis, flags, coverage, evidence (JSON)
// Try:     :param group => "g_0000000000000001"
MATCH (g:Group {id: $group})
OPTIONAL MATCH (p:Party)-[m:MEMBER_OF]->(g)
WITH g, p, m ORDER BY p.id
RETURN g.id AS id, g.policy AS policy, g.outcome AS outcome, g.controller_kind AS controller_kind,
       g.controllers AS controllers, g.as_of AS as_of, g.run AS run,
       collect(CASE WHEN p IS NULL THEN null ELSE {party: p.id, name: p.name, client: m.client, basis: m.basis,
         flags: m.flags, coverage: m.coverage, evidence: m.evidence} END) AS members;
