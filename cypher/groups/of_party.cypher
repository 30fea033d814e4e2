// Groups a party is in or heads
//
// Purpose: as last written for the bank's own policy.
// Params:  $party string the party's id
// Returns: id string the group
//          policy string the policy's slug
//          outcome string GROUP or another outcome
//          member boolean whether it is a member
//          controller boolean whether it is the controlling point
// Try:     :param party => "p_0000000000000001"
MATCH (p:Party {id: $party})
CALL (p) {
  MATCH (p)-[:MEMBER_OF]->(g:Group)
  RETURN g
  UNION
  MATCH (p)-[c:CONTROLS]->(:Party)
  MATCH (g:Group {id: c.group_id})
  RETURN g
}
RETURN g.id AS id, g.policy AS policy, g.outcome AS outcome, EXISTS { (p)-[:MEMBER_OF]->(g) } AS member,
       p.id IN g.controllers AS controller
ORDER BY id;
