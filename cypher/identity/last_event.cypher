// How many events there are in the feed
//
// Purpose: whoever follows the feed sees how far behind it is.
// Params:  none
// Returns: last integer the number of the last event, 0 before the first
// Try:     none
OPTIONAL MATCH (s:Store {name: "guanlian"})
RETURN coalesce(s.events, 0) AS last;
