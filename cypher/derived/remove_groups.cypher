// Remove groups that are no more
//
// Purpose: what a run no longer finds; their memberships went before.
// Params:  $rows list maps of id
// Returns: none
// Try:     :param rows => [{"id": "g_1"}]
UNWIND $rows AS row
MATCH (g:Group {id: row.id})
DETACH DELETE g;
