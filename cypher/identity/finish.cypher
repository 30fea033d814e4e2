// Parties have changed: the store's version moves
//
// Purpose: last step of each change of parties, in the same transaction.
// Params:  none
// Returns: version integer the store's new version
// Try:     none
MATCH (s:Store {name: "guanlian"})
SET s.version = s.version + 1
RETURN s.version AS version;
