// Schema migrations that this store has had
//
// Purpose: each is applied once, in order.
// Params:  none
// Returns: number integer the migration's number
//          name string its file
// Try:     none
MATCH (m:Migration)
RETURN m.number AS number, m.name AS name
ORDER BY number;
