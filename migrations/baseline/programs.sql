-- Terms cannot drift: a published version stays as it was published.
CREATE FUNCTION refuse_published_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF OLD.status = 'published' THEN
    RAISE EXCEPTION 'a published rule version is never changed' USING ERRCODE = '42501';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON rule_version
  FOR EACH ROW EXECUTE FUNCTION refuse_published_change();
