// What lies within two steps of a party
//
// Purpose: a first look: facts, contact points and what they lead to, as many as asked for.
// Params:  $party string the party's id
//          $as_of string the day, like 2026-06-30
//          $most integer how many paths at most
// Returns: path path party - ... ; Browser draws it
// Try:     :param party => "p_0000000000000001"
//          :param as_of => "2026-06-30"
//          :param most => 300
MATCH path = (:Party {id: $party})
  -[:HOLDS|OFFICER_OF|PARENT_OF|SPOUSE_OF|AGREES_WITH|HAS_POWER_OVER|GUARANTEES|PAYS|TRADES_WITH|USES*1..2]-()
WHERE all(f IN relationships(path) WHERE f.superseded_at IS NULL AND coalesce(f.valid_from, "0001-01-01") <= $as_of
    AND coalesce(f.valid_to, "9999-12-31") > $as_of)
RETURN path
LIMIT $most;
