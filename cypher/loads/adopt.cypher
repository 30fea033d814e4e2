// Take over a load whose writer is gone
//
// Purpose: of several processes that find it, the one that gets a row settles it.
// Params:  $load string the load
//          $was string the writer that is gone
//          $owner string the process that takes over
// Returns: id string the load
// Try:     :param load => "load_1"
//          :param was => "host:1:1"
//          :param owner => "host:2:2"
MATCH (l:Load {id: $load}) WHERE l.owner = $was AND l.status IN ["writing", "unloading"]
SET l.owner = $owner, l.beat_at = datetime()
RETURN l.id AS id;
