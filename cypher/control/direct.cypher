// Companies a party controls by its own votes
//
// Purpose: the first round of control; what it reaches through others is control/round.
// Params:  $party string the party's id
//          $as_of string the day, like 2026-06-30
//          $threshold integer what the votes must exceed, in millionths of a percent
// Returns: company string the company's id
//          name string its name
//          votes integer its votes there, in millionths of a percent
// Try:     :param party => "p_0000000000000001"
//          :param as_of => "2026-06-30"
//          :param threshold => 50000000
MATCH (:Party {id: $party})-[f:HOLDS]->(company:Party)
WHERE f.superseded_at IS NULL AND coalesce(f.valid_from, "0001-01-01") <= $as_of
  AND coalesce(f.valid_to, "9999-12-31") > $as_of
WITH company, f.source AS source, f.document AS document, coalesce(f.valid_from, "") AS since, f.to_record AS record,
     sum(coalesce(f.voting_millionths_of_percent, f.equity_millionths_of_percent)) AS amount,
     max(coalesce(f.recorded_at, "")) AS recorded
ORDER BY recorded DESC, since DESC, amount DESC
WITH company, head(collect(amount)) AS votes
WHERE votes > $threshold
RETURN company.id AS company, company.name AS name, votes
ORDER BY company;
