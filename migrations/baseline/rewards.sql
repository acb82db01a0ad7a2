CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON redemption_event
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON redemption_event EXECUTE FUNCTION refuse_change();
