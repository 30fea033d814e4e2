// Note what became of parties
//
// Purpose: the feed of merges and splits; numbers rise in the order of commits, without a gap.
// Params:  $rows list maps of type, old and new (party ids), records (keys that moved), change, by, reason, at
// Returns: none
// Try:     :param rows => [{"type": "merged", "old": ["p_1", "p_2"], "new": ["p_1"], "records": ["registry/2"], "change": "c_1", "by": "li", "reason": "same", "at": "2026-06-30T00:00:00.000000Z"}]
MATCH (s:Store {name: "guanlian"})
WITH s, coalesce(s.events, 0) AS before
UNWIND range(0, size($rows) - 1) AS place
CREATE (e:PartyEvent {number: before + place + 1})
SET e += $rows[place]
WITH s, before, count(e) AS many
SET s.events = before + many;
