// Show on parties what their records say
//
// Purpose: name, kind and identifiers of a party are those of its smallest current record.
// Params:  $ids list parties
//          $undone list loads whose closings no longer count
// Returns: none
// Try:     :param ids => ["p_0000000000000001"]
//          :param undone => []
UNWIND $ids AS id
MATCH (p:Party {id: id})<-[:OF]-(record:Record)
WITH p, record ORDER BY record.superseded_at IS NULL OR record.closed_by IN $undone DESC, record.stub, record.key, record.version DESC
WITH p, head(collect(record)) AS r
SET p.kind = r.kind,
    p.name = r.name,
    p.other_names = r.other_names,
    p.former_names = r.former_names,
    p.country = r.country,
    p.region = r.region,
    p.uscc = left(r.uscc, 200),
    p.lei = left(r.lei, 200),
    p.registration_no = r.registration_no,
    p.client_no = left(r.client_no, 200),
    p.branch = r.branch,
    p.stub = r.stub,
    p.id_number_masked = r.id_number_masked
FOREACH (_ IN CASE WHEN r.kind = "natural_person" THEN [1] ELSE [] END | SET p:Person REMOVE p:Company)
FOREACH (_ IN CASE WHEN r.kind = "natural_person" THEN [] ELSE [1] END | SET p:Company REMOVE p:Person);
