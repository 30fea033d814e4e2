// Identity: what exists once, so that loading twice changes nothing

CREATE CONSTRAINT party_once IF NOT EXISTS FOR (n:Party) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT load_once IF NOT EXISTS FOR (n:Load) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT group_once IF NOT EXISTS FOR (n:Group) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT store_once IF NOT EXISTS FOR (n:Store) REQUIRE n.name IS UNIQUE;
CREATE CONSTRAINT migration_once IF NOT EXISTS FOR (n:Migration) REQUIRE n.number IS UNIQUE;
CREATE CONSTRAINT phone_once IF NOT EXISTS FOR (n:Phone) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT email_once IF NOT EXISTS FOR (n:Email) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT address_once IF NOT EXISTS FOR (n:Address) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT run_once IF NOT EXISTS FOR (n:Run) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT record_once IF NOT EXISTS FOR (n:Record) REQUIRE (n.key, n.version) IS UNIQUE;
CREATE CONSTRAINT holds_once IF NOT EXISTS FOR ()-[f:HOLDS]-() REQUIRE (f.fact_id, f.version) IS UNIQUE;
CREATE CONSTRAINT officer_of_once IF NOT EXISTS FOR ()-[f:OFFICER_OF]-() REQUIRE (f.fact_id, f.version) IS UNIQUE;
CREATE CONSTRAINT parent_of_once IF NOT EXISTS FOR ()-[f:PARENT_OF]-() REQUIRE (f.fact_id, f.version) IS UNIQUE;
CREATE CONSTRAINT spouse_of_once IF NOT EXISTS FOR ()-[f:SPOUSE_OF]-() REQUIRE (f.fact_id, f.version) IS UNIQUE;
CREATE CONSTRAINT agrees_with_once IF NOT EXISTS FOR ()-[f:AGREES_WITH]-() REQUIRE (f.fact_id, f.version) IS UNIQUE;
CREATE CONSTRAINT has_power_over_once IF NOT EXISTS FOR ()-[f:HAS_POWER_OVER]-() REQUIRE (f.fact_id, f.version) IS UNIQUE;
CREATE CONSTRAINT guarantees_once IF NOT EXISTS FOR ()-[f:GUARANTEES]-() REQUIRE (f.fact_id, f.version) IS UNIQUE;
CREATE CONSTRAINT pays_once IF NOT EXISTS FOR ()-[f:PAYS]-() REQUIRE (f.fact_id, f.version) IS UNIQUE;
CREATE CONSTRAINT trades_with_once IF NOT EXISTS FOR ()-[f:TRADES_WITH]-() REQUIRE (f.fact_id, f.version) IS UNIQUE;
CREATE CONSTRAINT credit_once IF NOT EXISTS FOR (n:Credit) REQUIRE (n.fact_id, n.version) IS UNIQUE;
CREATE CONSTRAINT branch_once IF NOT EXISTS FOR (n:Branch) REQUIRE (n.fact_id, n.version) IS UNIQUE;
CREATE CONSTRAINT bank_capital_once IF NOT EXISTS FOR (n:BankCapital) REQUIRE (n.fact_id, n.version) IS UNIQUE;
CREATE CONSTRAINT limit_once IF NOT EXISTS FOR (n:Limit) REQUIRE (n.fact_id, n.version) IS UNIQUE;
CREATE CONSTRAINT decision_once IF NOT EXISTS FOR (n:Decision) REQUIRE (n.fact_id, n.version) IS UNIQUE;
CREATE CONSTRAINT uses_once IF NOT EXISTS FOR ()-[f:USES]-() REQUIRE f.use_id IS UNIQUE;
CREATE CONSTRAINT member_of_once IF NOT EXISTS FOR ()-[f:MEMBER_OF]-() REQUIRE (f.group_id, f.party_id) IS UNIQUE;
CREATE CONSTRAINT controls_once IF NOT EXISTS FOR ()-[f:CONTROLS]-() REQUIRE (f.group_id, f.controller_id, f.party_id) IS UNIQUE;
