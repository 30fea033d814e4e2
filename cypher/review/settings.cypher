// Whether decisions need a second person
//
// Purpose: one setting for everybody who uses the store.
// Params:  none
// Returns: four_eyes boolean true if a second person must agree
// Try:     none
OPTIONAL MATCH (s:Store {name: "guanlian"})
RETURN coalesce(s.four_eyes, false) AS four_eyes;
