// Say whether decisions need a second person
//
// Purpose: one setting for everybody who uses the store.
// Params:  $four_eyes boolean true if a second person must agree
// Returns: none
// Try:     :param four_eyes => true
MERGE (s:Store {name: "guanlian"})
ON CREATE SET s.version = 0
SET s.four_eyes = $four_eyes;
