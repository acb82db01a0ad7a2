-- Only postings move a balance; nobody changes a posting; no transaction is empty.
CREATE FUNCTION ledger_not_empty() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NOT EXISTS (SELECT FROM posting WHERE transaction_id = NEW.id) THEN
    RAISE EXCEPTION 'transaction % has no postings', NEW.reference USING ERRCODE = '23514';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER not_empty AFTER INSERT ON ledger_transaction
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_not_empty();

CREATE FUNCTION ledger_apply() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  UPDATE ledger_account SET balance = balance - NEW.points WHERE address = NEW.source;
  UPDATE ledger_account SET balance = balance + NEW.points WHERE address = NEW.destination;
  RETURN NULL;
END $$;
CREATE TRIGGER apply AFTER INSERT ON posting FOR EACH ROW EXECUTE FUNCTION ledger_apply();

-- The application may not UPDATE accounts, so it locks them through this.
CREATE FUNCTION lock_accounts(addresses text[]) RETURNS void LANGUAGE sql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT 1 FROM ledger_account WHERE address = ANY(addresses) ORDER BY address FOR UPDATE
$$;

CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON posting
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON posting EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON ledger_transaction
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON ledger_transaction EXECUTE FUNCTION refuse_change();
