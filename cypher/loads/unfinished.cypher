// Loads that are being written or were broken off
//
// Purpose: the next start settles those whose writer is gone.
// Params:  none
// Returns: id string the load
//          status string writing or unloading
//          owner string the process that writes it
//          idle integer seconds since its last sign of life, by the store's clock
// Try:     none
MATCH (l:Load) WHERE l.status IN ["writing", "unloading"]
RETURN l.id AS id, l.status AS status, l.owner AS owner,
       duration.inSeconds(coalesce(l.beat_at, datetime()), datetime()).seconds AS idle
ORDER BY id;
