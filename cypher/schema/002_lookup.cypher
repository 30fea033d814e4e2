// Lookup: by what a party, a load or a record is asked for

CREATE INDEX party_client_no IF NOT EXISTS FOR (n:Party) ON (n.client_no);
CREATE INDEX party_uscc IF NOT EXISTS FOR (n:Party) ON (n.uscc);
CREATE INDEX party_lei IF NOT EXISTS FOR (n:Party) ON (n.lei);
CREATE INDEX record_id_number IF NOT EXISTS FOR (n:Record) ON (n.id_number_hmac);
CREATE INDEX record_load IF NOT EXISTS FOR (n:Record) ON (n.load);
CREATE INDEX record_closed_by IF NOT EXISTS FOR (n:Record) ON (n.closed_by);
CREATE INDEX load_status IF NOT EXISTS FOR (n:Load) ON (n.status);
CREATE INDEX group_policy IF NOT EXISTS FOR (n:Group) ON (n.policy);
CREATE INDEX holds_nominee IF NOT EXISTS FOR ()-[f:HOLDS]-() ON (f.nominee_for_record);
