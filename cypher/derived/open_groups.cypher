// Open groups for writing
//
// Purpose: a group without content is compared again by the next run, should this one be broken off.
// Params:  $rows list maps of id
// Returns: none
// Try:     :param rows => [{"id": "g_1"}]
UNWIND $rows AS row
MATCH (g:Group {id: row.id})
REMOVE g.content;
