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
    CHECK (route IN ('registry', 'sales_feed', 'silence', 'reading')),
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
    CHECK (route IN ('registry', 'sales_feed', 'silence', 'reading')),
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

-- Above a value two people decide.
CREATE TABLE first_opinion (
  id uuid CONSTRAINT pk_first_opinion PRIMARY KEY,
  review_id uuid NOT NULL CONSTRAINT fk_first_opinion_review_id REFERENCES review (id),
  given_by uuid NOT NULL CONSTRAINT fk_first_opinion_given_by REFERENCES person (id),
  given_at timestamptz NOT NULL,
  points bigint NOT NULL CONSTRAINT ck_first_opinion_points CHECK (points > 0),
  lines jsonb NOT NULL,
  note varchar NOT NULL,
  status varchar(40) NOT NULL CONSTRAINT ck_first_opinion_opinion_status
    CHECK (status IN ('waiting', 'confirmed', 'replaced')),
  second_by uuid CONSTRAINT fk_first_opinion_second_by REFERENCES person (id),
  second_at timestamptz,
  CONSTRAINT ck_first_opinion_second CHECK (second_by IS NULL OR second_by <> given_by)
);
CREATE INDEX ix_first_opinion_review_id ON first_opinion (review_id);
CREATE INDEX ix_first_opinion_given_by ON first_opinion (given_by);
CREATE INDEX ix_first_opinion_second_by ON first_opinion (second_by);
CREATE UNIQUE INDEX uq_first_opinion_waiting ON first_opinion (review_id) WHERE status = 'waiting';

ALTER TABLE decision ADD COLUMN first_by uuid
  CONSTRAINT fk_decision_first_by REFERENCES person (id);
ALTER TABLE decision ADD CONSTRAINT ck_decision_two_people
  CHECK (first_by IS NULL OR (decided_by IS NOT NULL AND first_by <> decided_by));
CREATE INDEX ix_decision_first_by ON decision (first_by);

-- What two people rarely share: a phone, an address, a bank account. Only digests are kept.
CREATE TABLE identity_mark (
  person_id uuid NOT NULL CONSTRAINT fk_identity_mark_person_id REFERENCES person (id),
  kind varchar(40) NOT NULL CONSTRAINT ck_identity_mark_mark_kind
    CHECK (kind IN ('phone', 'address', 'bank_account')),
  mark bytea NOT NULL CONSTRAINT ck_identity_mark_mark CHECK (length(mark) = 32),
  CONSTRAINT pk_identity_mark PRIMARY KEY (person_id, kind, mark)
);
CREATE INDEX ix_identity_mark_mark ON identity_mark (kind, mark);

CREATE FUNCTION identity_digest(kind text, value text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT sha256(convert_to(CASE kind
    WHEN 'phone' THEN right(regexp_replace(value, '[^0-9]', '', 'g'), 9)
    ELSE lower(regexp_replace(value, '[^[:alnum:]]', '', 'g')) END, 'UTF8'))
$$;

CREATE FUNCTION mark_person() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.erased_at IS NOT NULL THEN
    DELETE FROM identity_mark WHERE person_id = NEW.id;
  ELSIF NEW.phone IS NOT NULL THEN
    INSERT INTO identity_mark VALUES (NEW.id, 'phone', identity_digest('phone', NEW.phone))
      ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER mark_person AFTER INSERT OR UPDATE OF phone, erased_at ON person
  FOR EACH ROW EXECUTE FUNCTION mark_person();

CREATE FUNCTION mark_recipient() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE who uuid;
BEGIN
  SELECT person_id INTO who FROM participant WHERE id = NEW.participant_id;
  IF length(regexp_replace(NEW.phone, '[^0-9]', '', 'g')) >= 9 THEN
    INSERT INTO identity_mark VALUES (who, 'phone', identity_digest('phone', NEW.phone))
      ON CONFLICT DO NOTHING;
  END IF;
  IF NEW.street <> '' AND NEW.postcode <> '' THEN
    INSERT INTO identity_mark
      VALUES (who, 'address', identity_digest('address', NEW.street || NEW.postcode))
      ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER mark_recipient AFTER INSERT ON redemption
  FOR EACH ROW EXECUTE FUNCTION mark_recipient();

INSERT INTO identity_mark
  SELECT id, 'phone', identity_digest('phone', phone) FROM person
  WHERE phone IS NOT NULL AND erased_at IS NULL;
INSERT INTO identity_mark
  SELECT p.person_id, 'phone', identity_digest('phone', r.phone)
  FROM redemption r JOIN participant p ON p.id = r.participant_id
  JOIN person ON person.id = p.person_id AND person.erased_at IS NULL
  WHERE length(regexp_replace(r.phone, '[^0-9]', '', 'g')) >= 9
  ON CONFLICT DO NOTHING;
INSERT INTO identity_mark
  SELECT p.person_id, 'address', identity_digest('address', r.street || r.postcode)
  FROM redemption r JOIN participant p ON p.id = r.participant_id
  JOIN person ON person.id = p.person_id AND person.erased_at IS NULL
  WHERE r.street <> '' AND r.postcode <> ''
  ON CONFLICT DO NOTHING;

-- Whether somebody is the claimant, of the claimant's firm, or linked to the claimant.
CREATE FUNCTION is_self_dealing(decider uuid, claimant uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM participant c WHERE c.id = claimant AND (
    c.person_id = decider
    OR EXISTS (SELECT FROM participant o WHERE o.person_id = decider AND o.nip = c.nip)
    OR EXISTS (SELECT FROM partner_user u JOIN partner f ON f.id = u.partner_id
               WHERE u.person_id = decider AND (u.nip = c.nip OR f.nip = c.nip
                 OR EXISTS (SELECT FROM partner_user x
                            WHERE x.person_id = c.person_id AND x.partner_id = u.partner_id)))
    OR EXISTS (SELECT FROM identity_mark a JOIN identity_mark b USING (kind, mark)
               WHERE a.person_id = decider AND b.person_id = c.person_id)))
$$;

CREATE FUNCTION guard_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  claimant uuid; seller text; selling text; escalated timestamptz; four_eyes bigint;
BEGIN
  IF NEW.decided_by IS NULL THEN RETURN NEW; END IF;
  SELECT c.participant_id, p.seller_nip, coalesce((g.settings ->> 'four_eyes_points')::bigint, 10000)
    INTO claimant, seller, four_eyes
    FROM claim c JOIN program g ON g.id = c.program_id
    LEFT JOIN purchase p ON p.id = c.purchase_id WHERE c.id = NEW.claim_id;
  IF is_self_dealing(NEW.decided_by, claimant)
     OR (NEW.first_by IS NOT NULL AND is_self_dealing(NEW.first_by, claimant)) THEN
    RAISE EXCEPTION 'nobody decides on a claim of their own' USING ERRCODE = '23514',
      CONSTRAINT = 'decision_self_dealing';
  END IF;
  SELECT f.nip, r.escalated_at INTO selling, escalated
    FROM review r LEFT JOIN partner f ON f.id = r.partner_id WHERE r.id = NEW.review_id;
  IF NEW.points > 0 AND escalated IS NULL AND seller IS NOT NULL
     AND seller IS DISTINCT FROM selling THEN
    RAISE EXCEPTION 'only the seller on the document pays it' USING ERRCODE = '23514',
      CONSTRAINT = 'decision_seller';
  END IF;
  IF four_eyes > 0 AND NEW.points > four_eyes AND NEW.first_by IS NULL THEN
    RAISE EXCEPTION 'so many points need two people' USING ERRCODE = '23514',
      CONSTRAINT = 'decision_two_people';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_decision BEFORE INSERT ON decision
  FOR EACH ROW EXECUTE FUNCTION guard_decision();

CREATE TABLE appeal (
  id uuid CONSTRAINT pk_appeal PRIMARY KEY,
  claim_id uuid NOT NULL CONSTRAINT fk_appeal_claim_id REFERENCES claim (id)
    CONSTRAINT uq_appeal_claim_id UNIQUE,
  decision_id uuid NOT NULL CONSTRAINT fk_appeal_decision_id REFERENCES decision (id),
  review_id uuid NOT NULL CONSTRAINT fk_appeal_review_id REFERENCES review (id),
  first_decided_by uuid CONSTRAINT fk_appeal_first_decided_by REFERENCES person (id),
  text varchar NOT NULL CONSTRAINT ck_appeal_text CHECK (length(text) <= 1000),
  made_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  status varchar(40) NOT NULL CONSTRAINT ck_appeal_appeal_status
    CHECK (status IN ('open', 'upheld', 'overturned')),
  decided_by uuid CONSTRAINT fk_appeal_decided_by REFERENCES person (id),
  decided_at timestamptz,
  reason varchar(40) CONSTRAINT ck_appeal_reason_code CHECK (reason IN (
    'counted', 'duplicate', 'unreadable', 'not_our_document', 'other_buyer', 'outside_period',
    'not_in_program', 'returned_goods', 'suspected_forgery', 'other', 'product_uncertain',
    'quantity_uncertain', 'already_claimed', 'cap_reached')),
  note varchar NOT NULL,
  points bigint NOT NULL,
  CONSTRAINT ck_appeal_points CHECK (points >= 0 AND (points = 0 OR status = 'overturned')),
  CONSTRAINT ck_appeal_decided CHECK ((status = 'open') = (decided_at IS NULL)
    AND (decided_by IS NULL) = (decided_at IS NULL)),
  CONSTRAINT ck_appeal_another_person CHECK (decided_by IS NULL OR first_decided_by IS NULL
    OR decided_by <> first_decided_by),
  CONSTRAINT ck_appeal_reason CHECK (status <> 'upheld' OR reason IS NOT NULL)
);
CREATE INDEX ix_appeal_decision_id ON appeal (decision_id);
CREATE INDEX ix_appeal_review_id ON appeal (review_id);
CREATE INDEX ix_appeal_first_decided_by ON appeal (first_decided_by);
CREATE INDEX ix_appeal_decided_by ON appeal (decided_by);

CREATE FUNCTION guard_appeal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.decided_by IS NOT NULL AND is_self_dealing(NEW.decided_by,
      (SELECT participant_id FROM claim WHERE id = NEW.claim_id)) THEN
    RAISE EXCEPTION 'nobody decides on an appeal of their own' USING ERRCODE = '23514',
      CONSTRAINT = 'appeal_self_dealing';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_appeal BEFORE INSERT OR UPDATE ON appeal
  FOR EACH ROW EXECUTE FUNCTION guard_appeal();

ALTER TABLE review ADD COLUMN reminded_at timestamptz, ADD COLUMN lapsed_at timestamptz;
