CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON claim_event
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON claim_event EXECUTE FUNCTION refuse_change();

-- Numbers that people can read to each other.
CREATE SEQUENCE claim_number;
