// Chains of holdings above a company, each link above a threshold
//
// Purpose: who is behind a company, one chain a row; several small holdings of one controller need control/round.
// Params:  $party string the party's id
//          $as_of string the day, like 2026-06-30
//          $threshold integer what the votes must exceed, in millionths of a percent
//          $most integer how many chains at most
// Returns: top string the party at the upper end
//          name string its name
//          steps integer how many holdings lie between
//          path path top - ... - company; Browser draws it
// Try:     :param party => "p_0000000000000001"
//          :param as_of => "2026-06-30"
//          :param threshold => 50000000
//          :param most => 200
MATCH path = (top:Party)-[:HOLDS*1..12]->(:Party {id: $party})
WHERE all(f IN relationships(path) WHERE f.superseded_at IS NULL AND coalesce(f.valid_from, "0001-01-01") <= $as_of
    AND coalesce(f.valid_to, "9999-12-31") > $as_of
    AND coalesce(f.voting_millionths_of_percent, f.equity_millionths_of_percent) > $threshold)
RETURN top.id AS top, top.name AS name, length(path) AS steps, path
LIMIT $most;
