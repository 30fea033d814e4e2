// Parties: aliases, what people decided of them, what became of them, questions that wait

CREATE CONSTRAINT alias_once IF NOT EXISTS FOR (n:Alias) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT judgement_once IF NOT EXISTS FOR (n:Judgement) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT party_event_once IF NOT EXISTS FOR (n:PartyEvent) REQUIRE n.number IS UNIQUE;
CREATE CONSTRAINT question_once IF NOT EXISTS FOR (n:Question) REQUIRE n.id IS UNIQUE;
CREATE INDEX alias_client_no IF NOT EXISTS FOR (n:Alias) ON (n.client_no);
CREATE INDEX alias_uscc IF NOT EXISTS FOR (n:Alias) ON (n.uscc);
CREATE INDEX alias_lei IF NOT EXISTS FOR (n:Alias) ON (n.lei);
CREATE INDEX judgement_change IF NOT EXISTS FOR (n:Judgement) ON (n.change);
CREATE INDEX judgement_status IF NOT EXISTS FOR (n:Judgement) ON (n.status);
CREATE INDEX question_status IF NOT EXISTS FOR (n:Question) ON (n.status);
CREATE INDEX record_linked IF NOT EXISTS FOR (n:Record) ON (n.linked);
