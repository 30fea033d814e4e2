// One round of control: companies that come under a unit by what it controlled so far
//
// Purpose: repeated until nothing is new, it gives all control. A company is added up again only if the last
//          round brought one of its holders; holdings of the unit and of all it controls count, each once, a
//          nominee's for the party behind. Of several registers about one holder, the one recorded latest counts.
// Params:  $units list the units
//          $members map by unit a map to true: the unit and all it controls
//          $fresh map by unit a list: those of the last round
//          $as_of string the day, like 2026-06-30
//          $threshold integer what the sum must exceed, in millionths of a percent
//          $measure string voting or equity
// Returns: unit string the controlling party
//          companies list what it newly controls
// Try:     :param units => ["p_0000000000000001"]
//          :param members => {"p_0000000000000001": {"p_0000000000000001": true}}
//          :param fresh => {"p_0000000000000001": ["p_0000000000000001"]}
//          :param as_of => "2026-06-30"
//          :param threshold => 50000000
//          :param measure => "voting"
UNWIND $units AS unit
CALL (unit) {
  CALL (unit) {
    UNWIND $fresh[unit] AS id
    MATCH (:Party {id: id})-[f:HOLDS]->(company:Party)
    WHERE f.nominee_for_record IS NULL
      AND f.superseded_at IS NULL AND coalesce(f.valid_from, "0001-01-01") <= $as_of
      AND coalesce(f.valid_to, "9999-12-31") > $as_of
    RETURN company
    UNION
    UNWIND $fresh[unit] AS id
    MATCH (:Party {id: id})<-[:OF]-(record:Record)
    MATCH (:Party)-[f:HOLDS]->(company:Party)
    WHERE f.nominee_for_record = record.key
      AND f.superseded_at IS NULL AND coalesce(f.valid_from, "0001-01-01") <= $as_of
      AND coalesce(f.valid_to, "9999-12-31") > $as_of
    RETURN company
  }
  WITH company WHERE $members[unit][company.id] IS NULL
  MATCH (named:Party)-[f:HOLDS]->(company)
  WHERE f.superseded_at IS NULL AND coalesce(f.valid_from, "0001-01-01") <= $as_of
    AND coalesce(f.valid_to, "9999-12-31") > $as_of
  OPTIONAL MATCH (:Record {key: f.nominee_for_record, version: 1})-[:OF]->(behind:Party)
  WITH company, coalesce(behind.id, named.id) AS holder, f
  WHERE $members[unit][holder]
  WITH company, holder, f.source AS source, f.document AS document, coalesce(f.valid_from, "") AS since,
       f.to_record AS record, max(coalesce(f.recorded_at, "")) AS recorded,
       sum(CASE $measure
             WHEN "equity" THEN coalesce(f.equity_millionths_of_percent, f.voting_millionths_of_percent)
             ELSE coalesce(f.voting_millionths_of_percent, f.equity_millionths_of_percent)
           END) AS amount
  ORDER BY recorded DESC, since DESC, amount DESC
  WITH company, holder, head(collect(amount)) AS amount
  WITH company.id AS company, sum(amount) AS total
  WHERE total > $threshold
  RETURN collect(company) AS companies
}
WITH unit, companies
WHERE size(companies) > 0
RETURN unit, companies;
