// What became of parties, in order
//
// Purpose: the feed of merges and splits; the number of the last one seen is where to go on.
// Params:  $after integer number of the last event seen, 0 for all
//          $most integer how many at most
// Returns: number integer its place in the feed
//          type string merged or split
//          old list party ids before
//          new list party ids after
//          records list keys of the records that moved
//          change string the change that did it
//          by string who
//          reason string why
//          at string when
// Try:     :param after => 0
//          :param most => 100
MATCH (e:PartyEvent) WHERE e.number > $after
RETURN e.number AS number, e.type AS type, e.old AS old, e.new AS new, e.records AS records,
       e.change AS change, e.by AS by, e.reason AS reason, e.at AS at
ORDER BY number LIMIT $most;
