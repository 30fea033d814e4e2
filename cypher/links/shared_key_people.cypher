// Companies that share people in chosen offices with a company
//
// Purpose: a lead (LINK), never a group by itself; offices held on the day asked for.
// Params:  $party string the party's id
//          $as_of string the day, like 2026-06-30
//          $roles list the offices that count
// Returns: other string the other company's id
//          name string its name
//          person string who is in both
//          person_name string that person's name
//          role string the office at this company
//          other_role string the office at the other
//          path path company - person - company; Browser draws it
// Try:     :param party => "p_0000000000000001"
//          :param as_of => "2026-06-30"
//          :param roles => ["chairman", "general_manager", "legal_representative", "cfo"]
MATCH path = (:Party {id: $party})<-[here:OFFICER_OF]-(person:Party)-[there:OFFICER_OF]->(other:Party)
WHERE other.id <> $party AND here.role IN $roles AND there.role IN $roles
  AND here.superseded_at IS NULL AND coalesce(here.valid_from, "0001-01-01") <= $as_of
  AND coalesce(here.valid_to, "9999-12-31") > $as_of
  AND there.superseded_at IS NULL AND coalesce(there.valid_from, "0001-01-01") <= $as_of
  AND coalesce(there.valid_to, "9999-12-31") > $as_of
RETURN other.id AS other, other.name AS name, person.id AS person, person.name AS person_name, here.role AS role,
       there.role AS other_role, path
ORDER BY other, person, role, other_role
LIMIT 1000;
