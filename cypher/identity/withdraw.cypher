// Take back what was decided in one change
//
// Purpose: it stays on record with who took it back and why.
// Params:  $change string the change
//          $by string who takes it back
//          $reason string why
//          $at string when
// Returns: none
// Try:     :param change => "c_1"
//          :param by => "li"
//          :param reason => "other register"
//          :param at => "2026-06-30T00:00:00.000000Z"
MATCH (j:Judgement {change: $change}) WHERE j.status = "active"
SET j.status = "withdrawn", j.withdrawn_by = $by, j.withdrawn_reason = $reason, j.withdrawn_at = $at;
