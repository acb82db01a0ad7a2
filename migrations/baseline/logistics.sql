CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON stock_movement
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON stock_movement EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON shipment_event
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON shipment_event EXECUTE FUNCTION refuse_change();

CREATE SEQUENCE shipment_number;
CREATE SEQUENCE redemption_number;
