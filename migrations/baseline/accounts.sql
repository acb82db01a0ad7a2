-- What a person agreed to stays as it was said.
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON consent
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON consent EXECUTE FUNCTION refuse_change();
