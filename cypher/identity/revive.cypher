// Make aliases parties again
//
// Purpose: before records are OF them once more.
// Params:  $ids list the parties that shall have records
// Returns: none
// Try:     :param ids => ["p_0000000000000001"]
UNWIND $ids AS id
MATCH (a:Alias {id: id})
OPTIONAL MATCH (a)-[m:MERGED_INTO]->()
DELETE m
SET a:Party
REMOVE a:Alias;
