CREATE TABLE proof (
  id uuid CONSTRAINT pk_proof PRIMARY KEY,
  claim_id uuid NOT NULL CONSTRAINT fk_proof_claim_id REFERENCES claim (id),
  kind varchar(40) NOT NULL CONSTRAINT ck_proof_proof_kind
    CHECK (kind IN ('ksef_registry', 'sales_feed', 'seen_in_register')),
  evidence jsonb NOT NULL,
  actor varchar NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT uq_proof_claim_id_kind UNIQUE (claim_id, kind)
);
CREATE INDEX ix_proof_claim_id ON proof (claim_id);
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON proof
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON proof EXECUTE FUNCTION refuse_change();

-- Two more causes to look: a second person confirms, the seller's export says something else.
ALTER TABLE review DROP CONSTRAINT ck_review_cause;
ALTER TABLE review ADD CONSTRAINT ck_review_cause CHECK (cause IN
  ('unread', 'held', 'doubt', 'proof', 'appeal', 'audit', 'second', 'difference'));
