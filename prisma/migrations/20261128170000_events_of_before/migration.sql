-- While processes of 0.2.0 and of this version run side by side, the older ones write neither what strangers saw nor what
-- is due, and spell cache keys as before. Their events get all of it as they are written.

-- A cache key of before, as events spell it now. Any other key stays as it is.
CREATE FUNCTION "cache_key_of_before"("key" TEXT) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN key LIKE 'latest:lang:%' THEN 'latest:l:' || substr(key, 13)
    WHEN key ~ '^(article|story|tag|source|latest:tag|latest:source):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
      CASE regexp_replace(key, ':[^:]*$', '')
        WHEN 'article' THEN 'a:' WHEN 'story' THEN 'st:' WHEN 'tag' THEN 't:' WHEN 'source' THEN 's:'
        WHEN 'latest:tag' THEN 'latest:t:' ELSE 'latest:s:' END
      || translate(rtrim(encode(uuid_send(right(key, 36)::uuid), 'base64'), '='), '+/', '-_')
    ELSE key END
$$;

-- What strangers see is judged by the beginning of the transaction, which is also the time of its events.
CREATE FUNCTION "event_of_before"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
  article articles;
BEGIN
  NEW.keys := ARRAY(SELECT cache_key_of_before(x.k) FROM unnest(NEW.keys) WITH ORDINALITY x (k, n) ORDER BY x.n)
    || CASE WHEN array_to_string(NEW.keys, ' ') LIKE '%story:%' THEN ARRAY['stories'] ELSE '{}' END;

  -- Tags and sources are public as long as they are there.
  IF NEW.subject_type IN ('tag', 'source') THEN
    NEW.is_public := true;
    IF NEW.type NOT LIKE '%.created' THEN
      NEW.public_before := jsonb_build_object('slug', coalesce((SELECT e.data->>'slug' FROM events e
        WHERE e.subject_id = NEW.subject_id AND e.type LIKE NEW.subject_type || '.%' ORDER BY e.seq DESC LIMIT 1), NEW.data->>'slug'));
    END IF;
    IF NEW.type NOT LIKE '%.deleted' AND NEW.type NOT LIKE '%.merged' THEN
      NEW.public_after := jsonb_build_object('slug', NEW.data->>'slug');
    END IF;
    RETURN NEW;
  END IF;

  SELECT * INTO article FROM articles a WHERE a.id = NEW.subject_id;
  -- Creation is told beside what was published with it.
  IF NEW.type NOT IN ('article.created', 'article.purged') THEN
    SELECT jsonb_build_object('slug', r.snapshot->'slug', 'tags', jsonb_path_query_array(r.snapshot, '$.tags[*].id'),
        'source', r.snapshot#>'{source,id}', 'language', r.snapshot->'language')
      INTO NEW.public_before FROM revisions r
      WHERE r.article_id = NEW.subject_id AND r.version = NEW.version - 1 AND r.snapshot->>'status' IN ('scheduled', 'published')
        AND (r.snapshot->>'publishedAt')::timestamptz <= now()
        AND coalesce((r.snapshot->>'expiresAt')::timestamptz > now(), true);
    IF article.status = 'published' AND article.deleted_at IS NULL AND article.published_at <= now()
      AND coalesce(article.expires_at > now(), true) THEN
      NEW.public_after := jsonb_build_object('slug', article.slug, 'tags', (SELECT coalesce(jsonb_agg(t.tag_id ORDER BY t.position), '[]')
          FROM article_tags t WHERE t.article_id = article.id), 'source', article.source_id, 'language', article.language);
    END IF;
    NEW.is_public := NEW.public_before IS NOT NULL OR NEW.public_after IS NOT NULL;
  END IF;
  IF NOT NEW.is_public THEN
    NEW.keys := ARRAY(SELECT x.k FROM unnest(NEW.keys) WITH ORDINALITY x (k, n)
      WHERE x.k <> 'redirects' AND x.k NOT LIKE 'latest%' ORDER BY x.n);
  END IF;

  IF article.status = 'published' AND article.deleted_at IS NULL THEN
    IF NEW.type = 'article.published' AND article.published_at > now() THEN
      NEW.type := 'article.scheduled';
    END IF;
    INSERT INTO due AS d (article_id, what, at)
      SELECT article.id, i.what, i.at FROM (VALUES ('published', article.published_at), ('expired', article.expires_at)) i (what, at)
      WHERE i.at > now()
      ON CONFLICT (article_id, what) DO UPDATE SET at = EXCLUDED.at WHERE d.at <> EXCLUDED.at;
  END IF;
  RETURN NEW;
END $$;

-- Programs of this version always say of an event with these keys that it is public, and never spell keys like that.
CREATE TRIGGER "events_of_before" BEFORE INSERT ON "events" FOR EACH ROW
  WHEN (NOT NEW."is_public" AND (NEW."keys"[1] ~ '^(article|tag|source):' OR 'latest' = ANY (NEW."keys")))
  EXECUTE FUNCTION "event_of_before"();
