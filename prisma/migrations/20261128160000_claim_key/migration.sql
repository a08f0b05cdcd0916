-- Claims a key and reads what is kept under it, in one call. The lookup is a later statement than the claim: it sees what the
-- last holder of the key has stored.
CREATE FUNCTION "claim_idempotency_key"("caller_id" text, "key_text" text)
  RETURNS TABLE ("claimed" boolean, "fingerprint" text, "status" int, "answer" text)
  LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  claimed := pg_try_advisory_xact_lock(hashtextextended('idempotency ' || caller_id || ' ' || key_text, 0));
  IF claimed THEN
    SELECT k.fingerprint, k.status, k.answer INTO fingerprint, status, answer FROM idempotency_keys k
     WHERE k.caller = caller_id AND k.key = key_text AND k.at > now() - interval '24 hours';
  END IF;
  RETURN NEXT;
END $$;
