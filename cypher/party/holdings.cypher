// What a party holds
//
// Purpose: its own holdings as each source states them, nominees' rows where they are drawn.
// Params:  $party string the party's id
//          $as_of string the day, like 2026-06-30
// Returns: company string the company's id
//          name string its name
//          equity_millionths_of_percent integer share of equity
//          voting_millionths_of_percent integer share of votes
//          source string who states it
//          fact string the fact id
//          path path party - company; Browser draws it
// Try:     :param party => "p_0000000000000001"
//          :param as_of => "2026-06-30"
MATCH path = (:Party {id: $party})-[f:HOLDS]->(company:Party)
WHERE f.superseded_at IS NULL AND coalesce(f.valid_from, "0001-01-01") <= $as_of
  AND coalesce(f.valid_to, "9999-12-31") > $as_of
RETURN company.id AS company, company.name AS name, f.equity_millionths_of_percent AS equity_millionths_of_percent,
       f.voting_millionths_of_percent AS voting_millionths_of_percent, f.source AS source, f.fact_id AS fact, path
ORDER BY coalesce(voting_millionths_of_percent, equity_millionths_of_percent, 0) DESC, fact
LIMIT 10000;
