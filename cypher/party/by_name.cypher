// Parties whose names sound like this, the best first
//
// Purpose: full text over names, other and former names; Chinese is found by pairs of characters.
// Params:  $text string words in Lucene's syntax; a name in quotes is a phrase
//          $most integer how many at most
// Returns: party string the party's id
//          name string its name
//          score float how well it fits
// Try:     :param text => "\"公司\""
//          :param most => 20
CALL db.index.fulltext.queryNodes("party_names", $text, {limit: $most}) YIELD node, score
RETURN node.id AS party, node.name AS name, score;
