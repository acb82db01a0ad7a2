-- Nobody decides on the claim of a person of the own firm, and a clerk decides for the seller only.
CREATE FUNCTION refuse_self_dealing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  claimant participant;
BEGIN
  IF NEW.decided_by IS NULL THEN
    RETURN NEW;
  END IF;
  SELECT p.* INTO claimant FROM participant p JOIN claim c ON c.participant_id = p.id
    WHERE c.id = NEW.claim_id;
  IF claimant.person_id <> NEW.submitted_by THEN
    RAISE EXCEPTION 'the decision names another claimant' USING ERRCODE = '23514';
  END IF;
  IF EXISTS (SELECT FROM participant own WHERE own.person_id = NEW.decided_by AND own.nip = claimant.nip)
     OR EXISTS (SELECT FROM partner_user u WHERE u.person_id = NEW.decided_by AND u.nip = claimant.nip)
     OR EXISTS (SELECT FROM partner_user u JOIN partner w ON w.id = u.partner_id
                WHERE u.person_id = NEW.decided_by AND w.nip = claimant.nip) THEN
    RAISE EXCEPTION 'the decider belongs to the firm of the claimant' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER no_self_dealing BEFORE INSERT OR UPDATE ON decision
  FOR EACH ROW EXECUTE FUNCTION refuse_self_dealing();
