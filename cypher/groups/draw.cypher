// A group drawn: its controlling point and its members
//
// Purpose: for Neo4j Browser.
// Params:  $group string the group's id
// Returns: path path member - group
//          controls map the arrow from the controlling point
//          controller map the controlling point
// Try:     :param group => "g_0000000000000001"
MATCH (g:Group {id: $group})<-[:MEMBER_OF]-(member:Party)
OPTIONAL MATCH (controller:Party)-[c:CONTROLS]->(member) WHERE c.group_id = $group
MATCH path = (member)-[:MEMBER_OF]->(g)
RETURN path, c AS controls, controller
LIMIT 1000;
