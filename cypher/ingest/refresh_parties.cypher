// Show on parties what their records say
//
// Purpose: of a party's current records, in the order of their keys, the first that states a value counts.
// Params:  $ids list parties
//          $undone list loads whose closings no longer count
// Returns: none
// Try:     :param ids => ["p_0000000000000001"]
//          :param undone => []
UNWIND $ids AS id
MATCH (p:Party {id: id})<-[:OF]-(record:Record)
WITH p, record, record.superseded_at IS NULL OR record.closed_by IN $undone AS current
ORDER BY current DESC, record.stub, record.key, record.version DESC
WITH p, collect({record: record, current: current}) AS all
WITH p, [one IN all WHERE one.current | one.record] AS current, all[0].record AS first
WITH p, CASE WHEN size(current) = 0 THEN [first] ELSE current END AS records
SET p.kind = head([r IN records WHERE r.kind IS NOT NULL | r.kind]),
    p.name = head([r IN records WHERE r.name IS NOT NULL | r.name]),
    p.other_names = head([r IN records WHERE r.other_names IS NOT NULL | r.other_names]),
    p.former_names = head([r IN records WHERE r.former_names IS NOT NULL | r.former_names]),
    p.country = head([r IN records WHERE r.country IS NOT NULL | r.country]),
    p.region = head([r IN records WHERE r.region IS NOT NULL | r.region]),
    p.uscc = left(head([r IN records WHERE r.uscc IS NOT NULL | r.uscc]), 200),
    p.lei = left(head([r IN records WHERE r.lei IS NOT NULL | r.lei]), 200),
    p.registration_no = head([r IN records WHERE r.registration_no IS NOT NULL | r.registration_no]),
    p.client_no = left(head([r IN records WHERE r.client_no IS NOT NULL | r.client_no]), 200),
    p.branch = head([r IN records WHERE r.branch IS NOT NULL | r.branch]),
    p.stub = all(r IN records WHERE r.stub),
    p.id_number_masked = head([r IN records WHERE r.id_number_masked IS NOT NULL | r.id_number_masked])
FOREACH (_ IN CASE WHEN p.kind = "natural_person" THEN [1] ELSE [] END | SET p:Person REMOVE p:Company)
FOREACH (_ IN CASE WHEN p.kind = "natural_person" THEN [] ELSE [1] END | SET p:Company REMOVE p:Person);
