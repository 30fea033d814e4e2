// Note a schema migration as applied
//
// Purpose: written after its statements succeeded; each of them may be run again.
// Params:  $number integer the migration's number
//          $name string its file
// Returns: none
// Try:     :param number => 1
//          :param name => "001_identity"
MERGE (m:Migration {number: $number})
ON CREATE SET m.name = $name, m.applied_at = toString(datetime());
