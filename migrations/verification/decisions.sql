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

CREATE TABLE automatic_opinion (
  id uuid CONSTRAINT pk_automatic_opinion PRIMARY KEY,
  claim_id uuid NOT NULL CONSTRAINT fk_automatic_opinion_claim_id REFERENCES claim (id),
  decision_id uuid CONSTRAINT fk_automatic_opinion_decision_id REFERENCES decision (id),
  verdict varchar(40) NOT NULL CONSTRAINT ck_automatic_opinion_verdict
    CHECK (verdict IN ('approve', 'reject', 'abstain')),
  route varchar(40) CONSTRAINT ck_automatic_opinion_route
    CHECK (route IN ('registry', 'sales_feed', 'reading')),
  course varchar(40) CONSTRAINT ck_automatic_opinion_course
    CHECK (course IN ('within', 'narrowed', 'watched', 'thin', 'over', 'backlog', 'off')),
  facts jsonb NOT NULL,
  points bigint NOT NULL,
  limit_points bigint NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT ck_automatic_opinion_points CHECK (points >= 0 AND limit_points >= 0)
);
CREATE INDEX ix_automatic_opinion_claim ON automatic_opinion (claim_id, at);
CREATE INDEX ix_automatic_opinion_decision_id ON automatic_opinion (decision_id);
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON automatic_opinion
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON automatic_opinion EXECUTE FUNCTION refuse_change();

CREATE TABLE second_look (
  id uuid CONSTRAINT pk_second_look PRIMARY KEY,
  program_id uuid NOT NULL CONSTRAINT fk_second_look_program_id REFERENCES program (id),
  claim_id uuid NOT NULL CONSTRAINT fk_second_look_claim_id REFERENCES claim (id),
  opinion_id uuid NOT NULL
    CONSTRAINT fk_second_look_opinion_id REFERENCES automatic_opinion (id),
  decision_id uuid CONSTRAINT fk_second_look_decision_id REFERENCES decision (id),
  review_id uuid CONSTRAINT fk_second_look_review_id REFERENCES review (id),
  route varchar(40) NOT NULL CONSTRAINT ck_second_look_route
    CHECK (route IN ('registry', 'sales_feed', 'reading')),
  draws integer NOT NULL CONSTRAINT ck_second_look_draws CHECK (draws > 0),
  points bigint NOT NULL,
  drawn_at timestamptz NOT NULL,
  checked_by uuid CONSTRAINT fk_second_look_checked_by REFERENCES person (id),
  checked_at timestamptz,
  wrong_points bigint,
  taken_back boolean,
  void boolean NOT NULL,
  CONSTRAINT ck_second_look_looked CHECK ((checked_at IS NULL) = (wrong_points IS NULL)),
  CONSTRAINT ck_second_look_wrong CHECK (wrong_points >= 0 AND wrong_points <= points)
);
CREATE INDEX ix_second_look_program ON second_look (program_id, route, drawn_at);
CREATE INDEX ix_second_look_claim_id ON second_look (claim_id);
CREATE INDEX ix_second_look_opinion_id ON second_look (opinion_id);
CREATE INDEX ix_second_look_decision_id ON second_look (decision_id);
CREATE INDEX ix_second_look_review_id ON second_look (review_id);
CREATE INDEX ix_second_look_checked_by ON second_look (checked_by);
