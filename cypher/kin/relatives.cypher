// Kin of a person to three lineal and two collateral generations
//
// Purpose: counted from this person and never chained: spouse, parents, grandparents, children, grandchildren,
//          and those who share a parent. Self is the first generation; uncles and cousins are the third collateral.
// Params:  $party string the party's id
//          $as_of string the day, like 2026-06-30
// Returns: relative string the relative's id
//          name string the relative's name
//          relation string spouse, parent, child, grandparent, grandchild or sibling
//          generations integer generations counted with self as the first
//          path path person - ... - relative; Browser draws it
// Try:     :param party => "p_0000000000000001"
//          :param as_of => "2026-06-30"
MATCH (person:Party {id: $party})
CALL (person) {
  MATCH path = (person)-[:SPOUSE_OF]-(relative:Party)
  RETURN relative, "spouse" AS relation, 1 AS generations, path
  UNION ALL
  MATCH path = (person)<-[:PARENT_OF*1..2]-(relative:Party)
  RETURN relative, CASE length(path) WHEN 1 THEN "parent" ELSE "grandparent" END AS relation,
         1 + length(path) AS generations, path
  UNION ALL
  MATCH path = (person)-[:PARENT_OF*1..2]->(relative:Party)
  RETURN relative, CASE length(path) WHEN 1 THEN "child" ELSE "grandchild" END AS relation,
         1 + length(path) AS generations, path
  UNION ALL
  MATCH path = (person)<-[:PARENT_OF]-(:Party)-[:PARENT_OF]->(relative:Party)
  RETURN relative, "sibling" AS relation, 2 AS generations, path
}
WITH person, relative, relation, generations, path
WHERE relative <> person AND all(f IN relationships(path) WHERE f.superseded_at IS NULL AND coalesce(f.valid_from, "0001-01-01") <= $as_of
    AND coalesce(f.valid_to, "9999-12-31") > $as_of)
RETURN relative.id AS relative, relative.name AS name, relation, generations, path
ORDER BY generations, relation, relative
LIMIT 1000;
