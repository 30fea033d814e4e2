// Groups of a policy as last written, a list a column
//
// Purpose: a run writes only what differs from this.
// Params:  $policy string the policy's slug
// Returns: id list its id
//          outcome list its outcome
//          controller_kind list its controller kind
//          controllers list its controllers
//          content list what stands for all that is written of it; null where that was broken off
// Try:     :param policy => "cbrc-2010"
MATCH (g:Group {policy: $policy})
WITH collect(g) AS found
UNWIND range(0, size(found) - 1, 5000) AS low
WITH found[low..low + 5000] AS part
RETURN [x IN part | x.id] AS id,
       [x IN part | x.outcome] AS outcome,
       [x IN part | x.controller_kind] AS controller_kind,
       [x IN part | x.controllers] AS controllers,
       [x IN part | x.content] AS content;
