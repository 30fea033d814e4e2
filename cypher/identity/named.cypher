// Parties that a text names
//
// Purpose: a party id, present or former, else a record key, else a client number, a USCC or an LEI.
// Params:  $text string what was written
//          $most integer how many at most
// Returns: party string a party
//          name string what it is called
//          rank integer 0 id, 1 record key, 2 client number, 3 USCC, 4 LEI
// Try:     :param text => "registry/1"
//          :param most => 20
CALL () {
  MATCH (p:Party {id: $text})
  RETURN p, 0 AS rank
  UNION
  MATCH (:Alias {id: $text})-[:MERGED_INTO]->(p:Party)
  RETURN p, 0 AS rank
  UNION
  MATCH (:Record {key: $text, version: 1})-[:OF]->(p:Party)
  RETURN p, 1 AS rank
  UNION
  MATCH (p:Party {client_no: $text})
  RETURN p, 2 AS rank
  UNION
  MATCH (:Alias {client_no: $text})-[:MERGED_INTO]->(p:Party)
  RETURN p, 2 AS rank
  UNION
  MATCH (p:Party) WHERE p.uscc IN [$text, toUpper($text), toLower($text)]
  RETURN p, 3 AS rank
  UNION
  MATCH (a:Alias)-[:MERGED_INTO]->(p:Party) WHERE a.uscc IN [$text, toUpper($text), toLower($text)]
  RETURN p, 3 AS rank
  UNION
  MATCH (p:Party) WHERE p.lei IN [$text, toUpper($text), toLower($text)]
  RETURN p, 4 AS rank
  UNION
  MATCH (a:Alias)-[:MERGED_INTO]->(p:Party) WHERE a.lei IN [$text, toUpper($text), toLower($text)]
  RETURN p, 4 AS rank
}
RETURN p.id AS party, p.name AS name, rank
ORDER BY rank, party LIMIT $most;
