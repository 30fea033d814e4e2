// Close groups that are written
//
// Purpose: all of the group and its members is there; a run that would write the same content passes it by.
// Params:  $rows list maps of id, content
// Returns: none
// Try:     :param rows => [{"id": "g_1", "content": "c_1"}]
UNWIND $rows AS row
MATCH (g:Group {id: row.id})
SET g.content = row.content;
