// Which database this is
//
// Purpose: what is kept of a store outside it (the index of candidates) is named after it.
// Params:  none
// Returns: id string given when the database was made, and never to another
// Try:     none
CALL db.info() YIELD id
RETURN id;
