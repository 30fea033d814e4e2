// Whether the store holds any record or fact
//
// Purpose: only an empty store may take the bulk import, and nothing need be compared.
// Params:  none
// Returns: empty boolean true when there is none
// Try:     none
RETURN NOT EXISTS { (:Record|Branch|BankCapital|Decision) } AS empty;
