// Questions whether two records are of one party, a list a column
//
// Purpose: linking again writes only what has become different.
// Params:  none
// Returns: id list the question
//          status list open, waiting (for a second person), done or lapsed
//          score list thousandths
//          why list alike, contradiction, or proposed by a person
// Try:     none
MATCH (q:Question)
WITH collect(q) AS questions
UNWIND range(0, size(questions) - 1, 5000) AS low
WITH questions[low..low + 5000] AS part
RETURN [q IN part | q.id] AS id, [q IN part | q.status] AS status, [q IN part | q.score] AS score,
       [q IN part | q.why] AS why;
