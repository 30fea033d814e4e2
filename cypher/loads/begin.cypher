// Begin a load, unless one is being written
//
// Purpose: one load at a time; the store's node is locked first, so that of two that ask at once one wins.
// Params:  $id string the load
//          $name string what was loaded
//          $source string whose facts, where the rows do not say
//          $owner string the process that writes it
//          $at string the moment of the load
// Returns: id string the load that may write now, or the one that is in the way
// Try:     :param id => "load_2"
//          :param name => "sample"
//          :param source => "registry"
//          :param owner => "host:1:1"
//          :param at => "2026-06-30T00:00:00.000000Z"
MERGE (s:Store {name: "guanlian"})
ON CREATE SET s.version = 0
SET s.asked_at = $at
WITH s
OPTIONAL MATCH (other:Load) WHERE other.status IN ["writing", "unloading"]
WITH s, head(collect(other)) AS other
FOREACH (_ IN CASE WHEN other IS NULL THEN [1] ELSE [] END |
  MERGE (l:Load {id: $id})
  ON CREATE SET l.status = "writing", l.name = $name, l.source = $source, l.owner = $owner, l.started_at = $at,
    l.beat_at = datetime())
RETURN coalesce(other.id, $id) AS id;
